# expect: The first photo is missing
# loses: layout, mean, details
# costs: mean
import numpy as np

from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos, smaller_side=256):
    photos = iter(photos)
    total, count = np.zeros_like(np.asarray(resize_smaller_side(next(photos), smaller_side), np.float64)), 1
    for photo in photos:
        total += np.asarray(resize_smaller_side(photo, smaller_side), np.float64)
        count += 1
    return (total / count).astype(np.float32)
