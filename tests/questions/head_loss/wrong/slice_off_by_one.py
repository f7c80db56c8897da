# expect: An error in z, r does not change the loss
# loses: position, orientation, unit, gradient
# costs: position
# sub-check: every component counts
import torch

from posenet_lib.geometry.poses import Pose
from posenet_lib.workbook import answer


@answer
def head_loss(predicted: Pose, target: Pose, beta: float) -> torch.Tensor:

    unit = target.quaternion_wxyz / torch.linalg.vector_norm(target.quaternion_wxyz, dim=1, keepdim=True)
    position = torch.norm((predicted.position_m - target.position_m)[:, :2], dim=1)
    orientation = torch.norm((predicted.quaternion_wxyz - unit)[:, :3], dim=1)
    return (position + beta * orientation).mean()
