# expect: You used the angle between the rotations
# loses: orientation, unit, gradient
# costs: orientation
# sub-check: orientation error of a batch
import torch
from torch.nn import functional as F

from posenet_lib.geometry.poses import Pose
from posenet_lib.workbook import answer


@answer
def head_loss(predicted: Pose, target: Pose, beta: float) -> torch.Tensor:

    unit = target.quaternion_wxyz / torch.linalg.vector_norm(target.quaternion_wxyz, dim=1, keepdim=True)
    position = torch.linalg.vector_norm(predicted.position_m - target.position_m, dim=1)
    cosine = (F.normalize(predicted.quaternion_wxyz, dim=1) * unit).sum(dim=1).abs().clamp(max=1)
    return (position + beta * 2 * torch.acos(cosine)).mean()
