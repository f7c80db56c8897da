# expect: normalised along the wrong axis
# loses: orientation, unit, gradient
# costs: unit
# sub-check: the target quaternion is normalised
import torch
from torch.nn import functional as F

from posenet_lib.geometry.poses import Pose
from posenet_lib.workbook import answer


@answer
def head_loss(predicted: Pose, target: Pose, beta: float) -> torch.Tensor:

    unit = F.normalize(target.quaternion_wxyz, dim=0)
    position = torch.linalg.vector_norm(predicted.position_m - target.position_m, dim=1)
    orientation = torch.linalg.vector_norm(predicted.quaternion_wxyz - unit, dim=1)
    return (position + beta * orientation).mean()
