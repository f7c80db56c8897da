# expect: You added up over the batch
# loses: position, orientation, unit, gradient
# costs: position, unit
import torch.nn.functional as F
from posenet_lib.workbook import answer


@answer
def head_loss(predicted, target, beta):
    p = (predicted[0] - target[0]).norm(dim=1)
    r = (predicted[1] - target[1]).norm(dim=1)
    return (p + beta * r).sum()
