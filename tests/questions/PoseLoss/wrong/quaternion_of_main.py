# expect: their orientation errors by
# loses: training, module
# costs: training
import torch.nn.functional as F
from torch import nn
from posenet_lib.workbook import answer


@answer
class PoseLoss(nn.Module):
    def __init__(self, beta=500.0, head_weights=(0.3, 0.3, 1.0)):
        super().__init__()
        self.beta, self.w = beta, head_weights

    def forward(self, output, target):
        t = 0.0
        for h, w in zip((output.aux1, output.aux2, output.main), self.w):
            if h is not None:
                t = t + w * head_loss(h._replace(quaternion_wxyz=output.main.quaternion_wxyz), target, self.beta)
        return t
