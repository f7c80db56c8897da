# expect: a maximum or a median does that
# loses: position, orientation, unit, gradient
# costs: position
import torch

from posenet_lib.geometry.poses import Pose
from posenet_lib.workbook import answer


@answer
def head_loss(predicted: Pose, target: Pose, beta: float) -> torch.Tensor:
    target_wxyz = torch.nn.functional.normalize(target.quaternion_wxyz, dim=1)
    position = torch.linalg.vector_norm(predicted.position_m - target.position_m, dim=1)
    orientation = torch.linalg.vector_norm(predicted.quaternion_wxyz - target_wxyz, dim=1)
    return (position + beta * orientation).max()
