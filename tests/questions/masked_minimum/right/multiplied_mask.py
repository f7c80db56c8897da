import torch
import torch.nn.functional as F
from posenet_lib.workbook import answer


@answer
def masked_minimum(warped, unwarped, valid):
    errors = warped + 1e3 * (~valid)
    best = torch.min(errors, dim=1).values
    counts = torch.logical_and(best < torch.min(unwarped, dim=1).values, valid.sum(1) > 0)
    n = counts.sum()
    return (best * counts).sum() / (n if n > 0 else 1), counts
