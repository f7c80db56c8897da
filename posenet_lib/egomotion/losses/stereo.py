"""Learning depth from two cameras: each photo is computed from the other one (Godard et al. 2017).

A pair of cameras is a motion that is known: `baseline_m` to the side. So the same `inverse_warp` serves, with the depth
that the disparity stands for.
"""

import torch
from torch import Tensor

from posenet_lib.egomotion.augment import pyramid
from posenet_lib.egomotion.camera import Camera
from posenet_lib.egomotion.config import EgomotionConfig
from posenet_lib.egomotion.losses.smoothness import edge_aware_smoothness
from posenet_lib.egomotion.parts import Parts

_SMALLEST = 1e-4  # disparity: no depth is infinite


def depth_of_disparity(disparity: Tensor, camera: Camera, baseline_m: float) -> Tensor:
    """Metres: focal length times baseline over disparity, which is a share of the photo's width."""
    return camera.width_per_depth * baseline_m / disparity.clamp(min=_SMALLEST)


def stereo_loss(
    parts: Parts,
    disparities: list[Tensor],
    left: Tensor,
    right: Tensor,
    camera: Camera,
    baseline_m: float,
    config: EgomotionConfig,
) -> Tensor:
    """The sum over all sizes.

    Args:
        disparities: of the left camera, [B, 1, H, W] at each size, full first; or of both, [B, 2, H, W].
        left, right: photos [B, 3, H, W] in 0..1.
    """
    total = torch.zeros((), device=left.device)
    sizes = zip(disparities, pyramid(left, len(disparities)), pyramid(right, len(disparities)), strict=True)
    for scale, (disparity, small_left, small_right) in enumerate(sizes):
        views = [(disparity[:, :1], small_left, small_right, -baseline_m)]
        if disparity.shape[1] == 2:
            views.append((disparity[:, 1:], small_right, small_left, baseline_m))
        for own, photo, other, shift_m in views:
            depth = depth_of_disparity(own, camera, baseline_m)
            warped, valid = parts.inverse_warp(other, depth, _sideways(len(photo), shift_m, photo.device), camera)
            error = parts.photometric_error(warped, photo)
            total = total + (error * valid).sum() / valid.sum().clamp(min=1)  # leaving the photo must not pay
            total = total + config.smoothness / 2**scale * edge_aware_smoothness(own, photo)
        if config.consistency:
            total = total + config.consistency * parts.left_right_consistency(disparity[:, :1], disparity[:, 1:])
    return total


def _sideways(batch: int, shift_m: float, device: torch.device) -> Tensor:
    """[B, 4, 4]: what the left camera sees at x, the right one, a baseline further right, sees at x - baseline."""
    motion = torch.eye(4, device=device).repeat(batch, 1, 1)
    motion[:, 0, 3] = shift_m
    return motion
