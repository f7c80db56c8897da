# expect: before the norm, so they cancel
# loses: position, orientation, unit, gradient
# costs: position
# sub-check: position error of a batch
import torch

from posenet_lib.geometry.poses import Pose
from posenet_lib.workbook import answer


@answer
def head_loss(predicted: Pose, target: Pose, beta: float) -> torch.Tensor:

    unit = target.quaternion_wxyz / torch.linalg.vector_norm(target.quaternion_wxyz, dim=1, keepdim=True)
    position = torch.norm((predicted.position_m - target.position_m).mean(dim=0))
    orientation = torch.norm((predicted.quaternion_wxyz - unit).mean(dim=0))
    return position + beta * orientation
