import numpy as np

from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos, smaller_side=256):
    mean = 0.0
    for n, photo in enumerate(photos, 1):
        mean = mean + (np.array(resize_smaller_side(photo, smaller_side), dtype=float) - mean) / n
    return np.float32(mean)
