# expect: The photo was cropped, not resized
# loses: layout, details
# costs: layout
# sub-check: resizing: bilinear, the whole photo
from collections.abc import Iterable

import numpy as np
from PIL import Image

from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos: Iterable[Image.Image], smaller_side: int = 256) -> np.ndarray:

    total, count = 0.0, 0
    for photo in photos:
        width, height = resize_smaller_side(photo, smaller_side).size
        left, top = (photo.width - width) // 2, (photo.height - height) // 2
        total = total + np.asarray(photo.crop((left, top, left + width, top + height)), dtype=np.float64)
        count += 1
    return (total / count).astype(np.float32)
