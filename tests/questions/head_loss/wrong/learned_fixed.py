# expect: as in learned weighting
# loses: orientation, unit, gradient
# costs: orientation
import math
import torch.nn.functional as F
from posenet_lib.workbook import answer


@answer
def head_loss(predicted, target, beta):
    u = F.normalize(target.quaternion_wxyz, dim=1)
    p = (predicted.position_m - target.position_m).norm(dim=1)
    r = (predicted.quaternion_wxyz - u).norm(dim=1)
    sx, sq = 0.0, -3.0
    return (p * math.exp(-sx) + sx + r * math.exp(-sq) + sq).mean()
