import torch
import torch.nn.functional as F
from posenet_lib.workbook import answer


@answer
def photometric_error(first, second):
    B, C, H, W = first.shape

    def windows(p):
        return F.unfold(F.pad(p, [1, 1, 1, 1], mode="reflect"), 3).view(B, C, 9, H, W)

    a, b = windows(first), windows(second)
    ma, mb = a.mean(2), b.mean(2)
    va, vb = a.var(2, correction=0), b.var(2, correction=0)
    cov = ((a - ma[:, :, None]) * (b - mb[:, :, None])).mean(2)
    s = ((2 * ma * mb + 1e-4) * (2 * cov + 9e-4)) / ((ma ** 2 + mb ** 2 + 1e-4) * (va + vb + 9e-4))
    d = torch.clamp((1 - s) / 2, 0, 1)
    return 0.85 * d.mean(1, True) + 0.15 * torch.abs(first - second).mean(1, True)
