"""Two cameras' disparities must agree (Godard et al. 2017, equation 4)."""

import torch
from torch import Tensor

from posenet_lib.egomotion.warp import sample


def left_right_consistency(left: Tensor, right: Tensor) -> Tensor:
    """Mean |left(x) - right(x - left(x))| plus mean |right(x) - left(x + right(x))|, a scalar.

    Args:
        left, right: disparities [B, 1, H, W] as shares of the photo's width.
    """
    return _contradiction(left, right, -1.0) + _contradiction(right, left, 1.0)


def _contradiction(own: Tensor, other: Tensor, direction: float) -> Tensor:
    _, _, height, width = own.shape
    rows, columns = torch.meshgrid(
        torch.arange(height, device=own.device) + 0.5, torch.arange(width, device=own.device) + 0.5, indexing="ij"
    )
    places = torch.stack([columns + direction * width * own[:, 0], rows.expand_as(own[:, 0])], dim=1)
    return (own - sample(other, places)[0]).abs().mean()
