# expect: beta is squared
# loses: orientation, unit, gradient
# costs: orientation
import torch
from posenet_lib.workbook import answer


@answer
def head_loss(predicted, target, beta):
    unit = torch.nn.functional.normalize(target.quaternion_wxyz, dim=1)
    metres = (predicted.position_m - target.position_m).norm(dim=1)
    turn = (predicted.quaternion_wxyz - unit).norm(dim=1)
    return torch.mean(metres + beta**2 * turn)
