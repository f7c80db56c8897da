# expect: cut off at 255
# loses: mean, details
# costs: mean
import numpy as np
from PIL import ImageChops

from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos, smaller_side=256):
    total, count = None, 0
    for photo in photos:
        photo = resize_smaller_side(photo, smaller_side)
        total = photo if total is None else ImageChops.add(total, photo)
        count += 1
    return np.asarray(total, dtype=np.float32) / count
