import torch
import torch.nn.functional as F
from posenet_lib.workbook import answer


def shifted(d, by):
    theta = torch.eye(2, 3).repeat(len(d), 1, 1)
    g = F.affine_grid(theta, d.shape, align_corners=False)
    g = torch.stack([g[..., 0] + 2 * by[:, 0], g[..., 1]], dim=-1)
    return F.grid_sample(d, g, mode="bilinear", padding_mode="border", align_corners=False)


@answer
def left_right_consistency(left, right):
    return F.l1_loss(shifted(right, -left), left) + F.l1_loss(shifted(left, right), right)
