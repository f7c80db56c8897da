"""Learning what moves by itself: each photo is computed from the other one with the full flow (Yin & Shi 2018)."""

import torch
from torch import Tensor

from posenet_lib.egomotion.augment import pyramid
from posenet_lib.egomotion.config import EgomotionConfig
from posenet_lib.egomotion.flow import resized_flow, warp_by_flow, way_back
from posenet_lib.egomotion.losses.smoothness import edge_aware_slope
from posenet_lib.egomotion.parts import Parts

# Times `config.smoothness`, whose default suits a disparity divided by its mean. A flow in pixels hardly changes from
# pixel to pixel; five times as much was better in runs of a minute (1.4 px off in place of 1.5).
_STIFFER = 5.0


def flow_loss(
    parts: Parts, residuals: list[Tensor], rigid: Tensor, target: Tensor, source: Tensor, config: EgomotionConfig
) -> Tensor:
    """The sum over all sizes.

    With `config.consistency`, pixels that fail the forward-backward check take part in the smoothness alone, and the
    way there and back of the others is to end where it began (section 3.4). Without it, all pixels count that
    stay inside the photo.

    Args:
        residuals: of B pairs of photos and then of the same pairs the other way round, [2 B, 2, H, W] at each size,
            full first.
        rigid: [2 B, 2, H, W] in pixels.
        target, source: [2 B, 3, H, W] in 0..1.
    """
    total = torch.zeros((), device=target.device)
    sizes = zip(residuals, pyramid(target, len(residuals)), pyramid(source, len(residuals)), strict=True)
    for scale, (residual, small, other) in enumerate(sizes):
        height, width = small.shape[2:]
        full = resized_flow(rigid, width, height) + residual
        warped, counts = warp_by_flow(other, full)
        if config.consistency:
            off, counts = way_back(full, full.roll(len(full) // 2, 0))
            total = total + config.consistency * mean_where(counts, off.abs().sum(dim=1, keepdim=True))
        total = total + mean_where(counts, parts.photometric_error(warped, small))
        total = total + _STIFFER * config.smoothness / 2**scale * edge_aware_slope(full, small)
    return total


def mean_where(counts: Tensor, values: Tensor) -> Tensor:
    """Mean of the values that count, [B, 1, H, W] both; 0 if none does."""
    return (values * counts).sum() / counts.sum().clamp(min=1)
