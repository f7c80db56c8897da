# expect: You added absolute values (an L1 norm)
# loses: position, orientation, unit, gradient
# costs: position
import torch.nn.functional as F
from posenet_lib.workbook import answer


@answer
def head_loss(predicted, target, beta):
    unit = F.normalize(target.quaternion_wxyz, dim=1)
    return F.l1_loss(predicted.position_m, target.position_m) + beta * F.l1_loss(predicted.quaternion_wxyz, unit)
