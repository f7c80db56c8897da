"""From a resized photo to the network's input: subtract the mean image, crop, normalise.

Units (fixed for the whole workbook): photos are uint8 and the mean image float32, both 0..255 and (H, W, 3). The
difference is signed, -255..255. Normalising divides by 255 and applies the assignment's mean 0.5 and std 0.5, so the
network sees values in -3..1, channels first. Source: Kendall et al. 2015, section 4, and the assignment's step 4.

The paper's crop is a square of 224 pixels. A *wide* one takes in most of the photo (`window_of`): more to tell
places apart by, in one look.

Every function takes one photo (H, W, 3) or a batch (B, H, W, 3): notebook 02 shows what training does.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

CROP = 224  # pixels, the side of the paper's crop
_MEAN, _STD = 0.5, 0.5
_WIDE = 7 / 8  # of a photo's longer side at most, as the 224 of 256 pixels of the shorter one
_STEP = 32  # a wide crop's sides are multiples of it, as GoogLeNet's last features are of the input's 224 pixels


class Corner(NamedTuple):
    """Top left pixel of a crop."""

    top: int
    left: int


class Window(NamedTuple):
    """Size of a crop, in pixels of the resized photo."""

    height: int
    width: int

    @property
    def beyond(self) -> tuple[int, int]:
        """(rows, columns): how far a training crop may reach over the photo's edges, on either side.

        It shows the mean image there. The square has room enough inside. A wide crop has little, and photos would look
        much the same in each epoch.
        """
        if self == SQUARE:
            return 0, 0
        return (_BEYOND, _BEYOND_LONG) if self.width >= self.height else (_BEYOND_LONG, _BEYOND)


SQUARE = Window(CROP, CROP)
_BEYOND, _BEYOND_LONG = 8, 32  # pixels, at the long and at the short edges; see data/trials/README.md


def window_of(image_shape: Sequence[int], crop: str) -> Window:
    """What a network sees of resized photos (H, W, ...): one of `config.CROPS`."""
    if crop == "square":
        return SQUARE
    height, width = (max(CROP, int(_WIDE * side) // _STEP * _STEP) for side in image_shape[:2])
    return Window(height, width)


def subtract_mean(photo: Tensor, mean_image: Tensor) -> Tensor:
    """(..., H, W, 3) uint8 minus (H, W, 3) float32 -> float32, signed: in uint8, 10 - 20 would wrap to 246."""
    if photo.shape[-3:] != mean_image.shape[-3:]:
        raise ValueError(f"photo {tuple(photo.shape)} and mean image {tuple(mean_image.shape)} differ in (H, W, 3)")
    return photo.float() - mean_image


def crop(photo: Tensor, corner: Corner, window: Window = SQUARE) -> Tensor:
    """(..., H, W, 3) -> (..., h, w, 3), a view.

    Raises:
        ValueError: the window does not lie inside the photo.
    """
    height, width = photo.shape[-3:-1]
    top, left = corner
    if not (0 <= top <= height - window.height and 0 <= left <= width - window.width):
        size = f"{window.width}x{window.height}"
        raise ValueError(f"a {size} crop at top {top}, left {left} leaves the photo of {width}x{height}")
    return photo[..., top : top + window.height, left : left + window.width, :]


def normalise(difference: Tensor) -> Tensor:
    """Signed difference (..., h, w, 3) in -255..255 -> network input (..., 3, h, w): ``(v / 255 - 0.5) / 0.5``."""
    return difference.movedim(-1, -3).div(255).sub(_MEAN).div(_STD)


def network_input(photo: Tensor, mean_image: Tensor, corner: Corner, window: Window = SQUARE) -> Tensor:
    """The whole chain with one corner: (..., H, W, 3) uint8 -> (..., 3, h, w) float32.

    Photo and mean image are cropped at the same place before they are subtracted: the same numbers as subtracting
    first (each pixel meets its own mean), for a fraction of the arithmetic.
    """
    return normalise(subtract_mean(crop(photo, corner, window), crop(mean_image, corner, window)))


def batch_input(photos: Tensor, mean_image: Tensor, corners: Sequence[Corner], window: Window = SQUARE) -> Tensor:
    """`network_input` for a batch with a corner for each photo: [B, H, W, 3] -> [B, 3, h, w].

    Crops may reach over the edges by `window.beyond`: what no camera saw there counts as the mean image.
    """
    down, right = window.beyond
    if down or right:
        border = (0, 0, right, right, down, down)  # of the channels, columns, rows
        photos, mean_image = (torch.nn.functional.pad(each, border) for each in (photos, mean_image))
        corners = [Corner(top + down, left + right) for top, left in corners]
    crops = torch.stack([crop(photo, corner, window) for photo, corner in zip(photos, corners, strict=True)])
    means = torch.stack([crop(mean_image, corner, window) for corner in corners])
    return normalise(subtract_mean(crops, means))


def shrink(images: Tensor, size: int) -> Tensor:
    """A smaller picture of the same crops: bilinear, with antialiasing.

    [B, 3, 224, 224] -> [B, 3, size, size], and wide crops in the same proportion (`input_shape`). 224 is the paper's
    size, at which nothing is done. The photo's resizing, the mean image, the crop and what follows
    from its place (focal length, turned labels) are the same at every size.
    """
    if size == CROP:
        return images
    shape = input_shape(Window(*images.shape[-2:]), size)
    return torch.nn.functional.interpolate(images, size=shape, mode="bilinear", antialias=True)


def input_shape(window: Window, size: int) -> tuple[int, int]:
    """(h, w) of the network's input: `size` pixels for each 224 of the crop."""
    return round(window.height * size / CROP), round(window.width * size / CROP)


def centre_corner(height: int, width: int, window: Window = SQUARE) -> Corner:
    """Where the central crop begins; used in every evaluation."""
    return Corner((height - window.height) // 2, (width - window.width) // 2)


def random_corners(
    count: int, height: int, width: int, generator: torch.Generator, window: Window = SQUARE
) -> list[Corner]:
    """One corner for each of `count` training photos, uniform over all positions, those over the edges too."""
    if height < window.height or width < window.width:
        raise ValueError(f"photos of {width}x{height} are smaller than the {window.width}x{window.height} crop")
    down, right = window.beyond
    top = torch.randint(-down, height - window.height + 1 + down, (count,), generator=generator)
    left = torch.randint(-right, width - window.width + 1 + right, (count,), generator=generator)
    return [Corner(*pair) for pair in zip(top.tolist(), left.tolist(), strict=True)]


def as_mean_image(mean_image: np.ndarray, image_shape: tuple[int, int, int]) -> Tensor:
    """Check a student's mean image before a training run is spent on it, (H, W, 3) -> float32 tensor.

    Raises:
        ValueError: the shape is not that of the photos, or a value is not finite or outside 0..255.
    """
    mean_image = np.asarray(mean_image)
    if mean_image.shape != tuple(image_shape):
        raise ValueError(f"the mean image has shape {mean_image.shape}, the resized photos have {tuple(image_shape)}")
    if not np.isfinite(mean_image).all() or mean_image.min() < 0 or mean_image.max() > 255:
        raise ValueError("the mean image must hold finite numbers in 0..255")
    return torch.tensor(mean_image, dtype=torch.float32)
