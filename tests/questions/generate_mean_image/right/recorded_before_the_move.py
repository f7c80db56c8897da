import numpy as np

from posenet_lib.photos import resize_smaller_side
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos, smaller_side=256):
    photos = iter(photos)
    total = np.asarray(resize_smaller_side(next(photos), smaller_side), dtype=np.float64)
    count = 1
    while (photo := next(photos, None)) is not None:
        total = np.add(total, resize_smaller_side(photo, smaller_side))
        count += 1
    return np.divide(total, count).astype(np.float32)
