"""Minimum over sources and auto-masking (Godard et al. 2019, section 3.2)."""

import torch
from torch import Tensor


def masked_minimum(warped: Tensor, unwarped: Tensor, valid: Tensor) -> tuple[Tensor, Tensor]:
    """The mean over the pixels that count of each pixel's smallest valid error.

    Args:
        warped, unwarped: photometric errors of S sources, warped and as they are, [B, S, H, W].
        valid: bool [B, S, H, W].

    Returns:
        The loss, a scalar, 0 if no pixel counts; and the pixels that count, bool [B, H, W]: seen by some source, and
        better warped than as they are.
    """
    best = torch.where(valid, warped, torch.inf).amin(dim=1)
    counts = best < torch.where(valid.any(dim=1), unwarped.amin(dim=1), -torch.inf)
    chosen = best[counts]
    return chosen.sum() / max(1, chosen.numel()), counts
