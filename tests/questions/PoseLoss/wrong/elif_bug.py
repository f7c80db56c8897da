# expect: The second auxiliary head is ignored
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
        loss = self.w[2] * head_loss(output.main, target, self.beta)
        if output.aux1 is not None:
            loss = loss + self.w[0] * head_loss(output.aux1, target, self.beta)
        elif output.aux2 is not None:
            loss = loss + self.w[1] * head_loss(output.aux2, target, self.beta)
        return loss
