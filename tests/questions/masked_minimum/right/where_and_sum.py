import torch
from posenet_lib.workbook import answer


@answer
def masked_minimum(warped, unwarped, valid):
    big = torch.full_like(warped, 1e6)
    best, _ = torch.where(valid, warped, big).min(dim=1)
    still, _ = unwarped.min(dim=1)
    keep = (best < still) & valid.any(1)
    weight = keep.to(best.dtype)
    return (torch.where(keep, best, torch.zeros_like(best))).sum() / weight.sum().clamp(min=1), keep
