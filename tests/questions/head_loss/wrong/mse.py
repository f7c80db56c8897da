# expect: You took squared errors
# loses: position, orientation, unit, gradient
# costs: position
# sub-check: position error of one photo
import torch
from torch.nn import functional as F

from posenet_lib.geometry.poses import Pose
from posenet_lib.workbook import answer


@answer
def head_loss(predicted: Pose, target: Pose, beta: float) -> torch.Tensor:

    unit = target.quaternion_wxyz / torch.linalg.vector_norm(target.quaternion_wxyz, dim=1, keepdim=True)
    return F.mse_loss(predicted.position_m, target.position_m) + beta * F.mse_loss(predicted.quaternion_wxyz, unit)
