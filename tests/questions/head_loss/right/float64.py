import torch

from posenet_lib.geometry.poses import Pose
from posenet_lib.workbook import answer


@answer
def head_loss(predicted, target, beta):
    u = target.quaternion_wxyz.double()
    u = u / u.norm(dim=1, keepdim=True)
    p = (predicted.position_m.double() - target.position_m.double()).norm(dim=-1)
    q = (predicted.quaternion_wxyz.double() - u).norm(dim=-1)
    return (p + beta * q).mean()
