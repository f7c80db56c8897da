# expect: The last photo of the batch is left out
# loses: position, orientation, unit, gradient
# costs: position
import torch
import torch.nn.functional as F
from posenet_lib.workbook import answer


@answer
def head_loss(predicted, target, beta):
    u = F.normalize(target.quaternion_wxyz, dim=1)
    losses = []
    for i in range(max(len(u) - 1, 1)):
        losses.append(
            (predicted.position_m[i] - target.position_m[i]).norm()
            + beta * (predicted.quaternion_wxyz[i] - u[i]).norm()
        )
    return torch.stack(losses).mean()
