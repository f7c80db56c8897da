# expect: divided in whole numbers
# loses: mean, details
import numpy as np

from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos, smaller_side=256):
    photos = list(photos)
    total = 0
    for photo in photos:
        total = total + np.asarray(resize_smaller_side(photo, smaller_side)) // len(photos)
    return total.astype(np.float32)
