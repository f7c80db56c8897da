# expect: You took the square root of beta
# loses: orientation, unit, gradient
# costs: orientation
import torch
from posenet_lib.workbook import answer


@answer
def head_loss(predicted, target, beta):
    q = target.quaternion_wxyz / target.quaternion_wxyz.norm(dim=1, keepdim=True)
    a = (predicted.position_m - target.position_m).norm(dim=1)
    b = (predicted.quaternion_wxyz - q).norm(dim=1)
    return (a + beta**0.5 * b).mean()
