import torch

from posenet_lib.geometry.poses import Pose
from posenet_lib.workbook import answer


@answer
def head_loss(predicted, target, beta):
    (x, q), (y, r) = predicted, target
    r = r / (r ** 2).sum(1, keepdim=True).sqrt()
    return (((x - y) ** 2).sum(1).sqrt() + beta * ((q - r) ** 2).sum(1).sqrt()).mean()
