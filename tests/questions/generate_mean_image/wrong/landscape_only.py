# expect: in a portrait photo (higher than wide) the width is smaller
# loses: layout, details
# costs: layout
# sub-check: shape: a portrait photo
from collections.abc import Iterable

import numpy as np
from PIL import Image

from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos: Iterable[Image.Image], smaller_side: int = 256) -> np.ndarray:

    total, count = 0.0, 0
    for photo in photos:
        size = int(smaller_side * photo.width / photo.height), smaller_side
        total = total + np.asarray(photo.resize(size, Image.Resampling.BILINEAR), dtype=np.float64)
        count += 1
    return (total / count).astype(np.float32)
