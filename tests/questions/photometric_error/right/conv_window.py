import torch
import torch.nn.functional as F
from posenet_lib.workbook import answer


@answer
def photometric_error(first, second):
    channels = first.shape[1]
    kernel = torch.full((channels, 1, 3, 3), 1 / 9, dtype=first.dtype, device=first.device)
    blur = lambda x: F.conv2d(F.pad(x, (1,) * 4, mode="reflect"), kernel, groups=channels)
    m1, m2 = blur(first), blur(second)
    v1, v2, c = blur(first * first) - m1 * m1, blur(second * second) - m2 * m2, blur(first * second) - m1 * m2
    n = (2 * m1 * m2 + 1e-4) * (2 * c + 9e-4)
    d = (m1 * m1 + m2 * m2 + 1e-4) * (v1 + v2 + 9e-4)
    e = 0.85 * ((1 - n / d) * 0.5).clamp(0, 1) + 0.15 * F.l1_loss(first, second, reduction="none")
    return e.mean(1, keepdim=True)
