# expect: Does each head's loss replace
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
        loss = None
        for h, w in ((output.main, self.w[2]), (output.aux1, self.w[0]), (output.aux2, self.w[1])):
            if h is not None:
                loss = w * head_loss(h, target, self.beta)
        return loss
