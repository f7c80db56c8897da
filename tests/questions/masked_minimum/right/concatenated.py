import torch
import torch.nn.functional as F
from posenet_lib.workbook import answer


@answer
def masked_minimum(warped, unwarped, valid):
    S = warped.shape[1]
    infinite = torch.where(valid, warped, float("inf"))
    # ties go to the unwarped ones, which come first
    both = torch.cat([unwarped, infinite], dim=1)
    best, index = both.min(dim=1)
    smallest = infinite.amin(1)
    counts = (index >= S) & (smallest < unwarped.amin(1)) & torch.isfinite(smallest)
    if counts.sum() == 0:
        return torch.zeros((), dtype=warped.dtype), counts
    return best[counts].mean(), counts
