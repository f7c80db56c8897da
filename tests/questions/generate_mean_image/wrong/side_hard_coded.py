# expect: does not use its argument smaller_side
# loses: layout, mean, details
from collections.abc import Iterable

import numpy as np
from PIL import Image

from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos: Iterable[Image.Image], smaller_side: int = 256) -> np.ndarray:

    total, count = 0.0, 0
    for photo in photos:
        total = total + np.asarray(resize_smaller_side(photo, 256), dtype=np.float64)
        count += 1
    return (total / count).astype(np.float32)
