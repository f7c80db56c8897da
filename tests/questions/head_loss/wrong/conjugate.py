# expect: Is it a conjugate?
# loses: orientation, unit, gradient
# costs: orientation
import torch
import torch.nn.functional as F
from posenet_lib.workbook import answer


@answer
def head_loss(predicted, target, beta):
    u = F.normalize(target.quaternion_wxyz, dim=1)
    u = u * torch.tensor([1.0, -1, -1, -1])
    p = (predicted.position_m - target.position_m).norm(dim=1)
    r = (predicted.quaternion_wxyz - u).norm(dim=1)
    return (p + beta * r).mean()
