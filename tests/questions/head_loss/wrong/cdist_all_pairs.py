# expect: with the truth of every photo
# loses: position, orientation, unit, gradient
# costs: position
import torch
import torch.nn.functional as F
from posenet_lib.workbook import answer


@answer
def head_loss(predicted, target, beta):
    u = F.normalize(target.quaternion_wxyz, dim=1)
    return (
        torch.cdist(predicted.position_m, target.position_m).mean()
        + beta * torch.cdist(predicted.quaternion_wxyz, u).mean()
    )
