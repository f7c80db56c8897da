# expect: one number for each pixel
# loses: same, windows, border, channels
import torch
from torch.nn import functional as F

from posenet_lib.workbook import answer


@answer
def photometric_error(first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:

    def mean(photo):
        return F.avg_pool2d(F.pad(photo, (1, 1, 1, 1), mode="reflect"), kernel_size=3, stride=1)

    mu1, mu2 = mean(first), mean(second)
    var1, var2 = mean(first**2) - mu1**2, mean(second**2) - mu2**2
    cov = mean(first * second) - mu1 * mu2
    c1, c2 = 0.01**2, 0.03**2
    ssim = (2 * mu1 * mu2 + c1) * (2 * cov + c2) / ((mu1**2 + mu2**2 + c1) * (var1 + var2 + c2))
    dissimilarity = ((1 - ssim) / 2).clamp(0, 1)
    return 0.85 * dissimilarity + 0.15 * (first - second).abs()
