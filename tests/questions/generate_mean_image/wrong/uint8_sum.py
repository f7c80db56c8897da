# expect: The sum overflowed
# loses: mean, details
# costs: mean
# sub-check: values: 300 bright photos
from collections.abc import Iterable

import numpy as np
from PIL import Image

from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos: Iterable[Image.Image], smaller_side: int = 256) -> np.ndarray:

    total, count = None, 0
    for photo in photos:
        pixels = np.asarray(resize_smaller_side(photo, smaller_side))
        total = pixels if total is None else total + pixels
        count += 1
    return (total / count).astype(np.float32)
