# expect: divided by the sum of its absolute values
# loses: orientation, unit, gradient
# costs: unit
import torch

from posenet_lib.geometry.poses import Pose
from posenet_lib.workbook import answer


@answer
def head_loss(predicted: Pose, target: Pose, beta: float) -> torch.Tensor:
    target_wxyz = torch.nn.functional.normalize(target.quaternion_wxyz, p=1, dim=1)
    position = torch.linalg.vector_norm(predicted.position_m - target.position_m, dim=1)
    orientation = torch.linalg.vector_norm(predicted.quaternion_wxyz - target_wxyz, dim=1)
    return (position + beta * orientation).mean()
