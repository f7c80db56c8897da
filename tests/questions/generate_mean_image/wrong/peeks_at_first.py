# expect: do you go through `photos` twice?
# loses: details
# sub-check: photos from a generator
from collections.abc import Iterable

import numpy as np
from PIL import Image

from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos: Iterable[Image.Image], smaller_side: int = 256) -> np.ndarray:

    for photo in photos:
        total = 0.0 * np.asarray(resize_smaller_side(photo, smaller_side), dtype=np.float64)
        break
    count = 0
    for photo in photos:
        total += np.asarray(resize_smaller_side(photo, smaller_side))
        count += 1
    return (total / count).astype(np.float32)
