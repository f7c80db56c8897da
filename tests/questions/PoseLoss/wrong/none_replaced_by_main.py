# expect: stands in for the heads that are None
# loses: evaluation
import torch.nn.functional as F
from torch import nn
from posenet_lib.workbook import answer


@answer
class PoseLoss(nn.Module):
    def __init__(self, beta=500.0, head_weights=(0.3, 0.3, 1.0)):
        super().__init__()
        self.beta, self.w = beta, head_weights

    def forward(self, output, target):
        a, b, c = self.w
        m = output.main
        return (
            a * head_loss(output.aux1 or m, target, self.beta)
            + b * head_loss(output.aux2 or m, target, self.beta)
            + c * head_loss(m, target, self.beta)
        )
