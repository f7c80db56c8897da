# expect: Divide by the number of pixels that count
# loses: valid, automask
import torch

from posenet_lib.workbook import answer


@answer
def masked_minimum(
    warped: torch.Tensor, unwarped: torch.Tensor, valid: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    smallest = warped.masked_fill(~valid, torch.inf).amin(dim=1)  # [B, H, W]
    counts = valid.any(dim=1) & (smallest < unwarped.amin(dim=1))
    if not counts.any():
        return warped.sum() * 0, counts
    return smallest[counts].sum() / counts.numel(), counts
