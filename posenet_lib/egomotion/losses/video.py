"""Learning depth and motion together from a walk: the target is computed from the photos before and after it.

Zhou et al. 2017, with the photometric error of Godard et al. 2017, and the minimum over sources and auto-masking of
Godard et al. 2019 as the default.
"""

import torch
from torch import Tensor
from torch.nn import functional as F

from posenet_lib.egomotion.augment import pyramid
from posenet_lib.egomotion.camera import Camera
from posenet_lib.egomotion.config import EgomotionConfig
from posenet_lib.egomotion.losses.smoothness import edge_aware_smoothness
from posenet_lib.egomotion.losses.stereo import depth_of_disparity
from posenet_lib.egomotion.parts import Parts

UNIT = 0.05  # stands where a stereo camera has its baseline: depths begin near 1, in a unit that nobody knows
_TIE = 1e-5  # noise: where nothing moves, both errors are equal, and chance decides (Godard et al. 2019, their code)


def video_loss(
    parts: Parts,
    disparities: list[Tensor],
    motions: Tensor,
    target: Tensor,
    sources: Tensor,
    camera: Camera,
    config: EgomotionConfig,
    *,
    auto_mask: bool = True,
    masks: list[Tensor] | None = None,
) -> Tensor:
    """The sum over all sizes.

    Args:
        disparities: of the target, [B, 1, H, W] at each size, full first.
        motions: `source_from_target` of S sources, [S, B, 4, 4].
        target: [B, 3, H, W] in 0..1.
        sources: [S, B, 3, H, W].
        auto_mask: minimum over sources and auto-masking; else the mean over all valid pixels. A loss over the pixels
            that count cannot compare two networks: one that explains nothing has nothing to count.
        masks: explainability [B, S, H, W] in 0..1 at each size, of the target's pixels for each source.
    """
    count, batch = sources.shape[:2]
    total = torch.zeros((), device=target.device)
    all_targets = pyramid(target, config.scales)
    all_sources = pyramid(sources.flatten(0, 1), config.scales)
    sizes = zip(disparities, all_targets, all_sources, strict=True)
    for scale, (disparity, small, others) in enumerate(sizes):
        depth = depth_of_disparity(disparity, camera, UNIT).repeat(count, 1, 1, 1)
        warped, valid = parts.inverse_warp(others, depth, motions.flatten(0, 1), camera)
        small_again = small.repeat(count, 1, 1, 1)

        def per_source(values: Tensor, like: Tensor = small) -> Tensor:
            """[S * B, 1, H, W] -> [B, S, H, W]."""
            return values.view(count, batch, *like.shape[2:]).transpose(0, 1)

        error, valid = per_source(parts.photometric_error(warped, small_again)), per_source(valid)
        if masks is not None:
            total = total + (masks[scale] * error * valid).sum() / valid.sum().clamp(min=1)
            total = total + config.explainability * F.binary_cross_entropy(masks[scale], torch.ones_like(masks[scale]))
        elif auto_mask:
            still = per_source(parts.photometric_error(others, small_again))
            loss, _ = parts.masked_minimum(error, still + _TIE * torch.randn_like(still), valid)
            total = total + loss
        else:
            total = total + (error * valid).sum() / valid.sum().clamp(min=1)
        total = total + config.smoothness / 2**scale * edge_aware_smoothness(disparity, small)
    return total
