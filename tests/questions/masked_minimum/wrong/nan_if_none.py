# expect: a mean over nothing is nan
# loses: none
import torch

from posenet_lib.workbook import answer


@answer
def masked_minimum(
    warped: torch.Tensor, unwarped: torch.Tensor, valid: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    smallest = warped.masked_fill(~valid, torch.inf).amin(dim=1)  # [B, H, W]
    counts = valid.any(dim=1) & (smallest < unwarped.amin(dim=1))
    return smallest[counts].mean(), counts
