import torch
import torch.nn.functional as F
from posenet_lib.workbook import answer


@answer
def masked_minimum(warped, unwarped, valid):
    lowest = warped.masked_fill(~valid, torch.inf).min(1)[0]
    counts = lowest.isfinite() & (lowest < unwarped.min(1)[0])
    loss = lowest.where(counts, torch.tensor(float("nan"))).nanmean() if counts.any() else 0 * warped.mean()
    return loss, counts
