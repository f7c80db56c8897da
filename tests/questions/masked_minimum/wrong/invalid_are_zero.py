# expect: 0 is the smallest
# loses: valid
import torch

from posenet_lib.workbook import answer


@answer
def masked_minimum(
    warped: torch.Tensor, unwarped: torch.Tensor, valid: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    smallest = (warped * valid).amin(dim=1)  # [B, H, W]
    counts = valid.any(dim=1) & (smallest < unwarped.amin(dim=1))
    if not counts.any():
        return warped.sum() * 0, counts
    return smallest[counts].mean(), counts
