"""From a resized photo to the network's input: subtract the mean image, crop, normalise.

Units (fixed for the whole workbook): photos are uint8 and the mean image float32, both 0..255 and (H, W, 3). The
difference is signed, -255..255. Normalising divides by 255 and applies the assignment's mean 0.5 and std 0.5, so the
network sees values in -3..1, channels first. Source: Kendall et al. 2015, section 4, and the assignment's step 4.

Every function takes one photo (H, W, 3) or a batch (B, H, W, 3): notebook 02 shows what training does.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

CROP = 224  # pixels, the network's input
_MEAN, _STD = 0.5, 0.5


class Corner(NamedTuple):
    """Top left pixel of a crop."""

    top: int
    left: int


def subtract_mean(photo: Tensor, mean_image: Tensor) -> Tensor:
    """(..., H, W, 3) uint8 minus (H, W, 3) float32 -> float32, signed: in uint8, 10 - 20 would wrap to 246."""
    if photo.shape[-3:] != mean_image.shape[-3:]:
        raise ValueError(f"photo {tuple(photo.shape)} and mean image {tuple(mean_image.shape)} differ in (H, W, 3)")
    return photo.float() - mean_image


def crop(photo: Tensor, corner: Corner, size: int = CROP) -> Tensor:
    """(..., H, W, 3) -> (..., size, size, 3), a view.

    Raises:
        ValueError: the window does not lie inside the photo.
    """
    height, width = photo.shape[-3:-1]
    top, left = corner
    if not (0 <= top <= height - size and 0 <= left <= width - size):
        raise ValueError(f"a {size}x{size} crop at top {top}, left {left} leaves the photo of {width}x{height}")
    return photo[..., top : top + size, left : left + size, :]


def normalise(difference: Tensor) -> Tensor:
    """Signed difference (..., h, w, 3) in -255..255 -> network input (..., 3, h, w): ``(v / 255 - 0.5) / 0.5``."""
    return difference.movedim(-1, -3).div(255).sub(_MEAN).div(_STD)


def network_input(photo: Tensor, mean_image: Tensor, corner: Corner) -> Tensor:
    """The whole chain with one corner: (..., H, W, 3) uint8 -> (..., 3, 224, 224) float32.

    Photo and mean image are cropped at the same place before they are subtracted: the same numbers as subtracting
    first (each pixel meets its own mean), for a fraction of the arithmetic.
    """
    return normalise(subtract_mean(crop(photo, corner), crop(mean_image, corner)))


def batch_input(photos: Tensor, mean_image: Tensor, corners: Sequence[Corner]) -> Tensor:
    """`network_input` for a batch with a corner for each photo: [B, H, W, 3] -> [B, 3, 224, 224]."""
    crops = torch.stack([crop(photo, corner) for photo, corner in zip(photos, corners, strict=True)])
    means = torch.stack([crop(mean_image, corner) for corner in corners])
    return normalise(subtract_mean(crops, means))


def shrink(images: Tensor, size: int) -> Tensor:
    """A smaller picture of the same crops, [B, 3, 224, 224] -> [B, 3, size, size]: bilinear, with antialiasing.

    224 is the paper's size, at which nothing is done. The photo's resizing, the mean image, the crop and what follows
    from its place (focal length, turned labels) are the same at every size.
    """
    if size == images.shape[-1]:
        return images
    return torch.nn.functional.interpolate(images, size=(size, size), mode="bilinear", antialias=True)


def centre_corner(height: int, width: int, size: int = CROP) -> Corner:
    """Where the central crop begins; used in every evaluation."""
    return Corner((height - size) // 2, (width - size) // 2)


def random_corners(count: int, height: int, width: int, generator: torch.Generator) -> list[Corner]:
    """One corner for each of `count` training photos, uniform over all positions."""
    if height < CROP or width < CROP:
        raise ValueError(f"photos of {width}x{height} are smaller than the {CROP}x{CROP} crop")
    top = torch.randint(0, height - CROP + 1, (count,), generator=generator)
    left = torch.randint(0, width - CROP + 1, (count,), generator=generator)
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
