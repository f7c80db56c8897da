"""Changes to training photos whose pose stays known: other light, a patch that is not seen, the camera turned.

Without them a network trained from scratch on a few hundred photos remembers each by its exact colours or by one
detail. (A left-right flip is no such change: no camera pose shows a mirrored world.) The turn is in `roll`.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

PATCH = (30, 110)  # pixels: shortest and longest side of an erased patch
MEAN_COLOUR = -1.0  # where the photo equals the mean image, the network's input is ((0 / 255) - 0.5) / 0.5


class Augmentation(NamedTuple):
    """How strongly to change; zeros change nothing."""

    colour_jitter: float = 0.0  # contrast and brightness change by up to this share, each colour by up to half of it
    erase: float = 0.0  # probability that a patch is replaced by the mean image
    roll_deg: float = 0.0  # the camera turns about its viewing axis by up to this angle either way


class Change(NamedTuple):
    """What happens to one photo in one epoch."""

    gain: Tensor  # [3, 1, 1]
    offset: float
    patch: tuple[slice, slice] | None  # rows, columns
    roll_deg: float = 0.0


def draw_changes(
    augmentation: Augmentation, count: int, window: tuple[int, int], generator: torch.Generator
) -> list[Change]:
    """One change for each of `count` crops of (height, width) pixels."""
    jitter = augmentation.colour_jitter

    def uniform(*shape: int) -> Tensor:
        return 2 * torch.rand(*shape, generator=generator) - 1

    gains = (1 + jitter * uniform(count, 1, 1, 1)) * (1 + jitter / 2 * uniform(count, 3, 1, 1))
    offsets = (jitter * uniform(count)).tolist()
    erased = (torch.rand(count, generator=generator) < augmentation.erase).tolist()
    sides = torch.randint(PATCH[0], PATCH[1] + 1, (count, 2), generator=generator)
    corners = (torch.rand(count, 2, generator=generator) * (torch.tensor(window) - sides + 1)).long()
    rolls = (augmentation.roll_deg * uniform(count)).tolist() if augmentation.roll_deg else [0.0] * count
    return [
        Change(
            gains[index],
            offsets[index],
            tuple(slice(int(a), int(a + b)) for a, b in zip(corners[index], sides[index], strict=True))
            if erased[index]
            else None,
            rolls[index],
        )
        for index in range(count)
    ]


def apply_changes(images: Tensor, changes: Sequence[Change], scale: float = 1.0) -> Tensor:
    """Network input [B, 3, h, w], see `transforms`, -> the same, changed: contrast is stretched about the mean image.

    The turn about the viewing axis is not made here: it needs the whole photo (`roll`).

    Args:
        scale: pixels of the images for each pixel that the changes were drawn for.
    """
    gain = torch.stack([change.gain for change in changes]).to(images.device)  # [B, 3, 1, 1]
    base = MEAN_COLOUR + torch.tensor([change.offset for change in changes], device=images.device)
    images = (images - MEAN_COLOUR) * gain + base[:, None, None, None]
    for image, change in zip(images, changes, strict=True):
        if change.patch:
            rows, columns = (slice(round(s.start * scale), round(s.stop * scale)) for s in change.patch)
            image[:, rows, columns] = MEAN_COLOUR
    return images
