import torch

from posenet_lib.geometry.poses import Pose
from posenet_lib.workbook import answer


@answer
def head_loss(predicted: Pose, target: Pose, beta: float) -> torch.Tensor:
    losses = []
    for x_, q_, x, q in zip(predicted.position_m, predicted.quaternion_wxyz, target.position_m, target.quaternion_wxyz):
        losses.append(torch.norm(x_ - x) + beta * torch.norm(q_ - q / torch.norm(q)))
    return sum(losses) / len(losses)
