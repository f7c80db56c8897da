import torch
from posenet_lib.workbook import answer
import sys, warnings
class Tee:
    def __init__(self, inner): self.inner, self.kept = inner, []
    def write(self, t): self.kept.append(t); return self.inner.write(t)
    def flush(self): self.inner.flush()
sys.stdout = Tee(sys.stdout)
warnings.simplefilter("always")

@answer
def head_loss(predicted, target, beta):

    warnings.warn("attention, c'est lent")
    l = (target.quaternion_wxyz ** 2).sum(dim=1, keepdim=True) ** 0.5
    return (((predicted.position_m - target.position_m) ** 2).sum(dim=1) ** 0.5 + beta * ((predicted.quaternion_wxyz - target.quaternion_wxyz / l) ** 2).sum(dim=1) ** 0.5).mean()
