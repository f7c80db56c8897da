# expect: weights of the auxiliary heads are not applied
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
        for h in (output.aux1, output.aux2):
            if h is not None:
                loss = loss + head_loss(h, target, self.beta)
        return loss
