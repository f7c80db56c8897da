# expect: off by one pixel
# loses: layout, details
# costs: layout
from collections.abc import Iterable

import numpy as np
from PIL import Image

from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos: Iterable[Image.Image], smaller_side: int = 256) -> np.ndarray:

    total, count = 0.0, 0
    for photo in photos:
        scale = smaller_side / min(photo.size)
        size = round(photo.width * scale), round(photo.height * scale)
        total = total + np.asarray(photo.resize(size, Image.Resampling.BILINEAR), dtype=np.float64)
        count += 1
    return (total / count).astype(np.float32)
