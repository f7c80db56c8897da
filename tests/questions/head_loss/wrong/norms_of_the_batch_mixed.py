# expect: You took one norm over the whole batch. Each photo has its own: `dim=1`
# loses: position, orientation, unit, gradient
# sub-check: position error of a batch
import torch

from posenet_lib.geometry.poses import Pose
from posenet_lib.workbook import answer


@answer
def head_loss(predicted: Pose, target: Pose, beta: float) -> torch.Tensor:
    q = target.quaternion_wxyz / torch.norm(target.quaternion_wxyz)
    position = torch.norm(predicted.position_m - target.position_m)
    orientation = torch.norm(predicted.quaternion_wxyz - q) / len(q)
    return position + beta * orientation
