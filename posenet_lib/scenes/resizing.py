"""Photos resized, in the one way of the whole workbook: the smaller side becomes 256 pixels."""

from pathlib import Path

import numpy as np
from PIL import Image

from posenet_lib.scenes.photos import open_photo

SMALLER_SIDE = 256  # pixels; the paper resizes photos so before it crops 224 x 224 (Kendall et al. 2015, section 4)


def resized_size(size: tuple[int, int], smaller_side: int = SMALLER_SIDE) -> tuple[int, int]:
    """Pillow size (width, height) after resizing: 1920x1080 -> 455x256. The longer side is truncated, not rounded."""
    width, height = size
    if width <= height:
        return smaller_side, max(1, int(smaller_side * height / width))
    return max(1, int(smaller_side * width / height)), smaller_side


def resize_smaller_side(photo: Image.Image, smaller_side: int = SMALLER_SIDE) -> Image.Image:
    """Resize so that the smaller side is `smaller_side`, aspect kept, bilinear with antialiasing.

    The same pixels as `torchvision.transforms.Resize(smaller_side)` on a Pillow photo; a photo that already has the
    size comes back unchanged.
    """
    size = resized_size(photo.size, smaller_side)
    return photo if size == photo.size else photo.resize(size, Image.Resampling.BILINEAR)


def resized_pixels(path: str | Path, smaller_side: int = SMALLER_SIDE) -> np.ndarray:
    """A photo file, opened and resized, as (H, W, 3) uint8.

    Raises:
        WorkbookError: as `open_photo` does.
    """
    return np.asarray(resize_smaller_side(open_photo(path), smaller_side))
