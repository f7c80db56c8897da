# expect: absolute values
# loses: position, orientation, unit, gradient
# costs: position
import torch

from posenet_lib.geometry.poses import Pose
from posenet_lib.workbook import answer


@answer
def head_loss(predicted: Pose, target: Pose, beta: float) -> torch.Tensor:

    unit = target.quaternion_wxyz / torch.linalg.vector_norm(target.quaternion_wxyz, dim=1, keepdim=True)
    position = (predicted.position_m - target.position_m).abs().sum(dim=1)
    orientation = (predicted.quaternion_wxyz - unit).abs().sum(dim=1)
    return (position + beta * orientation).mean()
