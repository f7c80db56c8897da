# expect: changed the target quaternion
# loses: gradient
# sub-check: the poses stay as they were
import torch

from posenet_lib.geometry.poses import Pose
from posenet_lib.workbook import answer


@answer
def head_loss(predicted: Pose, target: Pose, beta: float) -> torch.Tensor:

    target.quaternion_wxyz.div_(torch.norm(target.quaternion_wxyz, dim=1, keepdim=True))
    position = torch.linalg.vector_norm(predicted.position_m - target.position_m, dim=1)
    orientation = torch.linalg.vector_norm(predicted.quaternion_wxyz - target.quaternion_wxyz, dim=1)
    return (position + beta * orientation).mean()
