# expect: divided by the number of components
# loses: position, orientation, unit, gradient
# costs: position
import torch.nn.functional as F
from posenet_lib.workbook import answer


@answer
def head_loss(predicted, target, beta):
    u = F.normalize(target.quaternion_wxyz, dim=1)
    p = (predicted.position_m - target.position_m).norm(dim=1)
    r = (predicted.quaternion_wxyz - u).norm(dim=1)
    return p.sum() / predicted.position_m.shape[1] + beta * r.sum() / predicted.quaternion_wxyz.shape[1]
