# expect: beta is hard-coded as 500
# loses: orientation, unit, gradient
# costs: orientation
# also: 500 -> 1, 10, 100, 200, 250, 1000
# sub-check: orientation error of a batch
import torch

from posenet_lib.geometry.poses import Pose
from posenet_lib.workbook import answer


@answer
def head_loss(predicted: Pose, target: Pose, beta: float) -> torch.Tensor:

    unit = target.quaternion_wxyz / torch.linalg.vector_norm(target.quaternion_wxyz, dim=1, keepdim=True)
    position = torch.linalg.vector_norm(predicted.position_m - target.position_m, dim=1)
    orientation = torch.linalg.vector_norm(predicted.quaternion_wxyz - unit, dim=1)
    return (position + 500 * orientation).mean()
