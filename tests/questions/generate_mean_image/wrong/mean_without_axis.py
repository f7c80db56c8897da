# expect: average over the photos only: `axis=0`
# loses: layout, mean, details
from collections.abc import Iterable

import numpy as np
from PIL import Image

from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos: Iterable[Image.Image], smaller_side: int = 256) -> np.ndarray:

    arrays = [np.asarray(resize_smaller_side(photo, smaller_side), dtype=np.float32) for photo in photos]
    return np.mean(arrays)
