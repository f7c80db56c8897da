import torch
import torch.nn.functional as F
from posenet_lib.workbook import answer


def mean9(x):
    h, w = x.shape[-2:]
    p = F.pad(x, (1, 1, 1, 1), mode="reflect")
    return sum(p[..., i : i + h, j : j + w] for i in range(3) for j in range(3)) / 9


@answer
def photometric_error(first, second):
    mu1, mu2 = mean9(first), mean9(second)
    var1 = mean9(first ** 2) - mu1 ** 2
    var2 = mean9(second ** 2) - mu2 ** 2
    cov = mean9(first * second) - mu1 * mu2
    ssim = (2 * mu1 * mu2 + 1e-4) * (2 * cov + 9e-4) / ((mu1 ** 2 + mu2 ** 2 + 1e-4) * (var1 + var2 + 9e-4))
    parts = torch.cat([((1 - ssim) / 2).clamp(0, 1).mean(1, True), (first - second).abs().mean(1, True)], dim=1)
    return (parts * torch.tensor([0.85, 0.15]).view(1, 2, 1, 1)).sum(1, keepdim=True)
