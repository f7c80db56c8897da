# expect: You reordered the target
# loses: orientation, unit, gradient
# costs: orientation
import torch

from posenet_lib.geometry.poses import Pose
from posenet_lib.workbook import answer


@answer
def head_loss(predicted: Pose, target: Pose, beta: float) -> torch.Tensor:
    target_wxyz = torch.nn.functional.normalize(target.quaternion_wxyz[:, [1, 2, 3, 0]], dim=1)
    position = torch.linalg.vector_norm(predicted.position_m - target.position_m, dim=1)
    orientation = torch.linalg.vector_norm(predicted.quaternion_wxyz - target_wxyz, dim=1)
    return (position + beta * orientation).mean()
