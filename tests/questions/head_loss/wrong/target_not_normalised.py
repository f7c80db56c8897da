# expect: The target quaternion was not normalised
# loses: unit
# sub-check: the target quaternion is normalised
import torch

from posenet_lib.geometry.poses import Pose
from posenet_lib.workbook import answer


@answer
def head_loss(predicted: Pose, target: Pose, beta: float) -> torch.Tensor:

    position = torch.linalg.vector_norm(predicted.position_m - target.position_m, dim=1)
    orientation = torch.linalg.vector_norm(predicted.quaternion_wxyz - target.quaternion_wxyz, dim=1)
    return (position + beta * orientation).mean()
