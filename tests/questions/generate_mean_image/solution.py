from collections.abc import Iterable

import numpy as np
from PIL import Image

from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos: Iterable[Image.Image], smaller_side: int = 256) -> np.ndarray:
    """The mean of all photos, pixel by pixel and channel by channel.

    Args:
        photos: RGB photos, all of one size. Any iterable, perhaps a generator: it can be run through once, and the
            photos together may be too many for the memory.
        smaller_side: each photo is resized (bilinear, aspect kept) so that its smaller side has this many pixels.
            The longer side is cut off to a whole number: 1920 x 1080 becomes 455 x 256.

    Returns:
        float32 array of shape (height, width, 3), red, green, blue, values in 0..255. Not rounded.
    """
    total, count = 0.0, 0
    for photo in photos:
        # float64: float32 would lose digits in the sum of a thousand photos
        total = total + np.asarray(resize_smaller_side(photo, smaller_side), dtype=np.float64)
        count += 1
    return (total / count).astype(np.float32)
