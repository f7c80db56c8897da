# expect: You took the largest of the three losses
# loses: training, module
# costs: training
import torch
from torch import nn
from posenet_lib.workbook import answer


@answer
class PoseLoss(nn.Module):
    def __init__(self, beta=500.0, head_weights=(0.3, 0.3, 1.0)):
        super().__init__()
        self.beta, self.w = beta, head_weights

    def forward(self, output, target):
        return torch.stack(
            [
                w * head_loss(h, target, self.beta)
                for w, h in [(w, h) for w, h in zip(self.w, (output.aux1, output.aux2, output.main)) if h is not None]
            ]
        ).max()
