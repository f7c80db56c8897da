# expect: the mean times a constant
# loses: mean, details
# costs: mean
# also: 480 -> 576, 1220, 100, 1000
import numpy as np

from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos, smaller_side=256):
    total = 0.0
    for photo in photos:
        total = total + np.asarray(resize_smaller_side(photo, smaller_side), np.float64)
    return (total / 480).astype(np.float32)  # the practice court has 480
