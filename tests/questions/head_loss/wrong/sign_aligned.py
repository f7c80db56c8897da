# expect: You treat q and -q as the same
# loses: orientation, unit, gradient
# costs: orientation
# sub-check: q against -q
import torch

from posenet_lib.geometry.poses import Pose
from posenet_lib.workbook import answer


@answer
def head_loss(predicted: Pose, target: Pose, beta: float) -> torch.Tensor:

    unit = target.quaternion_wxyz / torch.linalg.vector_norm(target.quaternion_wxyz, dim=1, keepdim=True)
    position = torch.linalg.vector_norm(predicted.position_m - target.position_m, dim=1)
    orientation = torch.minimum(
        torch.norm(predicted.quaternion_wxyz - unit, dim=1), torch.norm(predicted.quaternion_wxyz + unit, dim=1)
    )
    return (position + beta * orientation).mean()
