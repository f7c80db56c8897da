import torch
import torch.nn.functional as F
from posenet_lib.workbook import answer
from torch import nn


@answer
def photometric_error(first, second):
    pool, pad = nn.AvgPool2d(3, 1), nn.ReflectionPad2d(1)
    x, y = pad(first), pad(second)
    mx, my = pool(x), pool(y)
    sx, sy, sxy = pool(x ** 2) - mx ** 2, pool(y ** 2) - my ** 2, pool(x * y) - mx * my
    s = (2 * mx * my + 0.01 ** 2) * (2 * sxy + 0.03 ** 2) / ((mx ** 2 + my ** 2 + 0.01 ** 2) * (sx + sy + 0.03 ** 2))
    ssim_loss = torch.clamp((1 - s) / 2, 0, 1).mean(1, True)
    l1 = (first - second).abs().mean(1, True)
    return 0.85 * ssim_loss + 0.15 * l1
