import torch

from posenet_lib.posenet import Pose
from posenet_lib.workbook import answer


@answer
def head_loss(predicted: Pose, target: Pose, beta: float) -> torch.Tensor:
    target = Pose(target.position_m, torch.nn.functional.normalize(target.quaternion_wxyz))
    position, orientation = (torch.hypot(d[:, ::2].norm(dim=1), d[:, 1::2].norm(dim=1))
                             for d in (predicted[i] - target[i] for i in (0, 1)))
    return torch.add(position, orientation, alpha=beta).mean()
