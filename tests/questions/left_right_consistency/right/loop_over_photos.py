import torch
import torch.nn.functional as F
from posenet_lib.workbook import answer


@answer
def left_right_consistency(left, right):
    total = 0
    for l, r in zip(left, right):
        h, w = l.shape[-2:]
        x = (torch.arange(w) + 0.5) / w
        y = ((torch.arange(h) + 0.5) / h).view(h, 1).expand(h, w)
        g1 = torch.stack([x - l[0], y], -1)[None] * 2 - 1
        g2 = torch.stack([x + r[0], y], -1)[None] * 2 - 1
        r_at = F.grid_sample(r[None], g1, padding_mode="border", align_corners=False)
        l_at = F.grid_sample(l[None], g2, padding_mode="border", align_corners=False)
        total = total + (l - r_at[0]).abs().mean() + (r - l_at[0]).abs().mean()
    return total / len(left)
