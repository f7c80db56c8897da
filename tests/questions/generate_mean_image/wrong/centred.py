# expect: off by the same amount
# loses: mean, details
# costs: mean
import numpy as np

from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos, smaller_side=256):
    total, count = 0.0, 0
    for photo in photos:
        total = total + (np.asarray(resize_smaller_side(photo, smaller_side), np.float64) - 127.5)
        count += 1
    return (total / count).astype(np.float32)
