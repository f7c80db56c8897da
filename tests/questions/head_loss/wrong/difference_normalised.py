# expect: You normalised the difference
# loses: orientation, unit, gradient
# costs: orientation
import torch
from torch.nn import functional as F

from posenet_lib.geometry.poses import Pose
from posenet_lib.workbook import answer


@answer
def head_loss(predicted: Pose, target: Pose, beta: float) -> torch.Tensor:

    position = torch.linalg.vector_norm(predicted.position_m - target.position_m, dim=1)
    orientation = torch.norm(F.normalize(predicted.quaternion_wxyz - target.quaternion_wxyz, dim=1), dim=1)
    return (position + beta * orientation).mean()
