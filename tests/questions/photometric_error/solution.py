import torch
from torch.nn import functional as F

from posenet_lib.workbook import answer


@answer
def photometric_error(first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
    """How different two photos are, pixel by pixel: 0.85 * (1 - SSIM) / 2 + 0.15 * |difference| (Godard et al. 2017).

    SSIM compares windows of 3x3 pixels (Wang et al. 2004): with means mu, variances var and the covariance cov of the
    two windows,

        SSIM = (2 mu1 mu2 + C1) (2 cov + C2) / ((mu1^2 + mu2^2 + C1) (var1 + var2 + C2))

    C1 is 0.01 squared, C2 is 0.03 squared. Means of a window are plain means over its 9 pixels; at the border the photo
    is continued by reflection (`F.pad(..., mode="reflect")`). (1 - SSIM) / 2 is clamped to 0..1.

    Args:
        first, second: photos [B, C, H, W] in 0..1.

    Returns:
        [B, 1, H, W], the mean over the channels of both parts; gradients can flow through it.
    """

    def mean(photo):
        return F.avg_pool2d(F.pad(photo, (1, 1, 1, 1), mode="reflect"), kernel_size=3, stride=1)

    mu1, mu2 = mean(first), mean(second)
    var1, var2 = mean(first**2) - mu1**2, mean(second**2) - mu2**2
    cov = mean(first * second) - mu1 * mu2
    c1, c2 = 0.01**2, 0.03**2
    ssim = (2 * mu1 * mu2 + c1) * (2 * cov + c2) / ((mu1**2 + mu2**2 + c1) * (var1 + var2 + c2))
    dissimilarity = ((1 - ssim) / 2).clamp(0, 1)
    return (0.85 * dissimilarity + 0.15 * (first - second).abs()).mean(dim=1, keepdim=True)
