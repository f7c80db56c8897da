import numpy as np

from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos, smaller_side=256):
    return np.stack([np.asarray(resize_smaller_side(p, smaller_side)) for p in photos]).mean(axis=0).astype("float32")
