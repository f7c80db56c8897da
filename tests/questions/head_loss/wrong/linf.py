# expect: the largest component alone
# loses: position, orientation, unit, gradient
# costs: position
import torch
import torch.nn.functional as F
from posenet_lib.workbook import answer


@answer
def head_loss(predicted, target, beta):
    u = F.normalize(target.quaternion_wxyz, dim=1)
    p = torch.linalg.vector_norm(predicted.position_m - target.position_m, ord=float("inf"), dim=1)
    r = torch.linalg.vector_norm(predicted.quaternion_wxyz - u, ord=float("inf"), dim=1)
    return torch.mean(p + beta * r)
