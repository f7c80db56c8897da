import torch
import torch.nn.functional as F
from posenet_lib.workbook import answer


@answer
def masked_minimum(warped, unwarped, valid):
    best = torch.full_like(warped[:, 0], float("inf"))
    still = torch.full_like(best, float("inf"))
    for s in range(warped.shape[1]):
        best = torch.where(valid[:, s], torch.minimum(best, warped[:, s]), best)
        still = torch.minimum(still, unwarped[:, s])
    counts = (best < still) & torch.isfinite(best)
    loss = best[counts].sum() / max(int(counts.sum()), 1)
    return loss, counts
