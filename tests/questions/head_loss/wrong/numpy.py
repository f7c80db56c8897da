# expect: Do not add `.detach()`: it cuts the gradient
# loses: gradient
# outcome: raised
# sub-check: one number for a batch
import torch

from posenet_lib.geometry.poses import Pose
from posenet_lib.workbook import answer


@answer
def head_loss(predicted: Pose, target: Pose, beta: float) -> torch.Tensor:

    import numpy as np

    unit = target.quaternion_wxyz / torch.linalg.vector_norm(target.quaternion_wxyz, dim=1, keepdim=True)
    position = np.linalg.norm(predicted.position_m.numpy() - target.position_m.numpy(), axis=1)
    orientation = np.linalg.norm(predicted.quaternion_wxyz.numpy() - unit.numpy(), axis=1)
    return torch.tensor((position + beta * orientation).mean())
