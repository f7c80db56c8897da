# expect: turned to YCbCr
# loses: layout, mean, details
# costs: mean
import numpy as np
from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos, smaller_side=256):
    a = [np.asarray(resize_smaller_side(p, smaller_side).convert("YCbCr"), dtype=float) for p in photos]
    return np.mean(a, axis=0).astype(np.float32)
