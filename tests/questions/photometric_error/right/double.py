import torch
import torch.nn.functional as F
from posenet_lib.workbook import answer


@answer
def photometric_error(first, second):
    a, b = first.double(), second.double()
    m = lambda t: F.avg_pool2d(F.pad(t, (1, 1, 1, 1), "reflect"), 3, 1)
    ma, mb = m(a), m(b)
    l = (2 * ma * mb + 1e-4) / (ma ** 2 + mb ** 2 + 1e-4)
    cs = (2 * (m(a * b) - ma * mb) + 9e-4) / (m(a * a) - ma ** 2 + m(b * b) - mb ** 2 + 9e-4)
    e = 0.85 * torch.clip((1 - l * cs) / 2, 0, 1) + 0.15 * abs(a - b)
    return e.mean(dim=1)[:, None].float()
