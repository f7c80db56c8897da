# expect: one length of position and orientation together
# loses: position, gradient
# costs: position
import torch
import torch.nn.functional as F
from posenet_lib.workbook import answer


@answer
def head_loss(predicted, target, beta):
    u = F.normalize(target.quaternion_wxyz, dim=1)
    d = torch.cat([predicted[0] - target[0], predicted[1] - u], dim=1)
    return beta * d.norm(dim=1).mean()
