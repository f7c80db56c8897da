"""How different two photos are: structure and colour (Godard et al. 2017, equation 2)."""

from torch import Tensor
from torch.nn import functional as F

SSIM_SHARE = 0.85
C1, C2 = 0.01**2, 0.03**2  # of photos in 0..1 (Wang et al. 2004)


def structural_similarity(first: Tensor, second: Tensor) -> Tensor:
    """SSIM of the 3x3 window around each pixel, [B, C, H, W] in 0..1 twice -> [B, C, H, W]; 1 where they are alike."""
    first, second = (F.pad(one, (1, 1, 1, 1), mode="reflect") for one in (first, second))
    first_mean, second_mean, first_square, second_square, product = (
        F.avg_pool2d(one, 3, 1) for one in (first, second, first * first, second * second, first * second)
    )
    means = first_mean * second_mean
    squares = first_mean**2 + second_mean**2
    luminance = (2 * means + C1) / (squares + C1)
    structure = (2 * (product - means) + C2) / (first_square + second_square - squares + C2)
    return luminance * structure


def photometric_error(first: Tensor, second: Tensor) -> Tensor:
    """0.85 (1 - SSIM) / 2 + 0.15 |difference|, the mean over the channels, [B, C, H, W] twice -> [B, 1, H, W]."""
    unlike = (0.5 - 0.5 * structural_similarity(first, second)).clamp(0, 1)
    error = SSIM_SHARE * unlike + (1 - SSIM_SHARE) * (first - second).abs()
    return error.mean(dim=1, keepdim=True)
