# expect: root of the mean square
# loses: position, orientation, unit, gradient
# costs: position
# sub-check: position error of a batch
import torch

from posenet_lib.geometry.poses import Pose
from posenet_lib.workbook import answer


@answer
def head_loss(predicted: Pose, target: Pose, beta: float) -> torch.Tensor:

    unit = target.quaternion_wxyz / torch.linalg.vector_norm(target.quaternion_wxyz, dim=1, keepdim=True)
    position = ((predicted.position_m - target.position_m) ** 2).sum(dim=1).mean().sqrt()
    orientation = ((predicted.quaternion_wxyz - unit) ** 2).sum(dim=1).mean().sqrt()
    return position + beta * orientation
