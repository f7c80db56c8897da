# expect: The orientation error is missing
# loses: orientation, unit, gradient
# costs: orientation, unit
# sub-check: every component counts
import torch

from posenet_lib.geometry.poses import Pose
from posenet_lib.workbook import answer


@answer
def head_loss(predicted: Pose, target: Pose, beta: float) -> torch.Tensor:

    position = torch.linalg.vector_norm(predicted.position_m - target.position_m, dim=1)
    return position.mean()
