import torch
import torch.nn.functional as F
from posenet_lib.workbook import answer


@answer
def masked_minimum(warped, unwarped, valid):
    first = warped.masked_fill(valid.logical_not(), 9e9).sort(dim=1)[0][:, 0]
    counts = (first < unwarped.sort(dim=1)[0][:, 0]) & valid.any(1)
    chosen = torch.masked_select(first, counts)
    loss = chosen.mean() if chosen.numel() else (first * 0).sum()
    return loss, counts
