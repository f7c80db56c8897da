# expect: count
# loses: mean, details
# costs: mean
import numpy as np
from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos, smaller_side=256):
    m = None
    n = 0
    for p in photos:
        a = np.asarray(resize_smaller_side(p, smaller_side), dtype=float)
        n += 1
        m = a if m is None else (m * n + a) / (n + 1)
    return np.float32(m)
