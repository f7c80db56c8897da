import torch

from posenet_lib.geometry.poses import Pose
from posenet_lib.workbook import answer


@answer
def head_loss(predicted: Pose, target: Pose, beta: float) -> torch.Tensor:
    unit = torch.nn.functional.normalize(target.quaternion_wxyz)
    position = torch.sqrt(((predicted.position_m - target.position_m) ** 2).sum(dim=1) + 1e-8)
    orientation = torch.sqrt(((predicted.quaternion_wxyz - unit) ** 2).sum(dim=1) + 1e-8)
    return (position + beta * orientation).mean()
