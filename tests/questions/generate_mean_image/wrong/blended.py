# expect: is something rounded on the way
# loses: mean, details
# costs: mean
import numpy as np
from PIL import Image

from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos, smaller_side=256):
    mean = None
    for number, photo in enumerate(photos, 1):
        photo = resize_smaller_side(photo, smaller_side)
        mean = photo if mean is None else Image.blend(mean, photo, 1 / number)
    return np.asarray(mean, dtype=np.float32)
