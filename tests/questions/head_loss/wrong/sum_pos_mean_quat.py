# expect: In the position error: You added up over the batch
# loses: position, gradient
# costs: position
import torch.nn.functional as F
from posenet_lib.workbook import answer


@answer
def head_loss(predicted, target, beta):
    u = F.normalize(target.quaternion_wxyz, dim=1)
    p = (predicted.position_m - target.position_m).norm(dim=1)
    r = (predicted.quaternion_wxyz - u).norm(dim=1)
    return p.sum() + beta * r.mean()
