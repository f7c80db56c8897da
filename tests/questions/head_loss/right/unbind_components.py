import torch

from posenet_lib.geometry.poses import Pose
from posenet_lib.workbook import answer


@answer
def head_loss(predicted, target, beta):
    w, p, q, r = target.quaternion_wxyz.unbind(1)
    n = (w * w + p * p + q * q + r * r).sqrt()
    pw, pp, pq, pr = predicted.quaternion_wxyz.unbind(1)
    rot = ((pw - w / n) ** 2 + (pp - p / n) ** 2 + (pq - q / n) ** 2 + (pr - r / n) ** 2) ** 0.5
    dx, dy, dz = (predicted.position_m - target.position_m).unbind(dim=1)
    pos = (dx ** 2 + dy ** 2 + dz ** 2) ** 0.5
    return torch.stack([pos + beta * rot]).mean()
