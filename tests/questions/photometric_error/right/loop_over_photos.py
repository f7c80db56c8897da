import torch
import torch.nn.functional as F
from posenet_lib.workbook import answer


@answer
def photometric_error(first, second):
    out = []
    for a, b in zip(first, second):
        stack = F.pad(torch.stack([a, b, a * a, b * b, a * b]), (1, 1, 1, 1), mode="reflect")
        ma, mb, aa, bb, ab = F.avg_pool2d(stack, 3, stride=1)
        ssim = (2 * ma * mb + 1e-4) * (2 * (ab - ma * mb) + 9e-4)
        ssim = ssim / ((ma.pow(2) + mb.pow(2) + 1e-4) * (aa - ma.pow(2) + bb - mb.pow(2) + 9e-4))
        out.append((0.85 * (0.5 - 0.5 * ssim).clamp(min=0, max=1) + 0.15 * (a - b).abs()).mean(0, keepdim=True))
    return torch.stack(out)
