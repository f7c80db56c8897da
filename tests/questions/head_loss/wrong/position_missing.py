# expect: The position error is missing
# loses: position, gradient
# costs: position
# sub-check: every component counts
import torch

from posenet_lib.geometry.poses import Pose
from posenet_lib.workbook import answer


@answer
def head_loss(predicted: Pose, target: Pose, beta: float) -> torch.Tensor:

    unit = target.quaternion_wxyz / torch.linalg.vector_norm(target.quaternion_wxyz, dim=1, keepdim=True)
    orientation = torch.linalg.vector_norm(predicted.quaternion_wxyz - unit, dim=1)
    return (beta * orientation).mean()
