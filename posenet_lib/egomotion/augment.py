"""Changes of the networks' inputs. The losses compare the photos as they are."""

import torch
from torch import Tensor
from torch.nn import functional as F


def jittered(photos: Tensor, strength: float, generator: torch.Generator) -> Tensor:
    """Photos [S, B, 3, H, W] of S views in 0..1 with other brightness and colours, alike in all views."""
    if not strength:
        return photos
    batch = photos.shape[1]
    brightness = 1 + strength * (2 * torch.rand(1, batch, 1, 1, 1, generator=generator) - 1)
    colours = 1 + 0.5 * strength * (2 * torch.rand(1, batch, 3, 1, 1, generator=generator) - 1)
    return (photos * (brightness * colours).to(photos.device)).clamp(0, 1)


def pyramid(photos: Tensor, scales: int) -> list[Tensor]:
    """Photos [B, C, H, W] at full size, half, quarter ..., as the networks' decoder halves (rounded up)."""
    sizes = [photos]
    while len(sizes) < scales:
        height, width = ((side + 1) // 2 for side in sizes[-1].shape[2:])
        sizes.append(F.interpolate(sizes[-1], size=(height, width), mode="area"))
    return sizes
