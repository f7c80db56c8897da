import numpy as np

from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos, smaller_side=256):
    total, count = None, 0
    for photo in photos:
        pixels = np.asarray(resize_smaller_side(photo, smaller_side)).astype(np.int64)
        total = pixels if total is None else total + pixels
        count += 1
    return (total / count).astype(np.float32)
