# expect: You normalised the predicted quaternion. Normalise the target alone
# loses: orientation, unit, gradient
# costs: orientation
# sub-check: orientation error of a batch
import torch
from torch.nn import functional as F

from posenet_lib.geometry.poses import Pose
from posenet_lib.workbook import answer


@answer
def head_loss(predicted: Pose, target: Pose, beta: float) -> torch.Tensor:

    unit = F.normalize(target.quaternion_wxyz, dim=1)
    position = torch.linalg.vector_norm(predicted.position_m - target.position_m, dim=1)
    orientation = torch.norm(F.normalize(predicted.quaternion_wxyz, dim=1) - unit, dim=1)
    return (position + beta * orientation).mean()
