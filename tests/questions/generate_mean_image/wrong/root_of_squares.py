# expect: squared the values and took the root
# loses: mean, details
# costs: mean
import numpy as np

from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos, smaller_side=256):
    total, count = 0.0, 0
    for photo in photos:
        total = total + np.asarray(resize_smaller_side(photo, smaller_side), np.float64) ** 2
        count += 1
    return np.sqrt(total / count).astype(np.float32)
