from torch import Tensor, sqrt
from posenet_lib.workbook import answer

def length(v: Tensor) -> Tensor:
    return sqrt((v * v).sum(dim=-1))

def unit(v):
    return v / length(v).unsqueeze(-1)

@answer
def head_loss(predicted, target, beta):
    translation = length(predicted.position_m - target.position_m)
    rotation = length(predicted.quaternion_wxyz - unit(target.quaternion_wxyz))
    return translation.mean() + rotation.mean() * beta
