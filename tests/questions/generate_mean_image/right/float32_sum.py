import numpy as np

from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos, smaller_side=256):
    total = 0
    for number, photo in enumerate(photos, 1):
        total = total + np.asarray(resize_smaller_side(photo, smaller_side), np.float32)
    return total / number
