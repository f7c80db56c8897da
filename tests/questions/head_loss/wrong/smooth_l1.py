# expect: You used a smooth L1
# loses: position, orientation, unit, gradient
# costs: position
import torch

from posenet_lib.geometry.poses import Pose
from posenet_lib.workbook import answer


@answer
def head_loss(predicted: Pose, target: Pose, beta: float) -> torch.Tensor:
    target_wxyz = torch.nn.functional.normalize(target.quaternion_wxyz, dim=1)
    position = torch.nn.functional.smooth_l1_loss(predicted.position_m, target.position_m)
    orientation = torch.nn.functional.smooth_l1_loss(predicted.quaternion_wxyz, target_wxyz)
    return position + beta * orientation
