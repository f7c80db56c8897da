import torch
from torch import nn
from posenet_lib.workbook import answer
import sys, warnings
warnings.simplefilter('always')
E = sys.stderr

@answer
class PoseLoss(nn.Module):
    def __init__(self, beta=500.0, head_weights=(0.3, 0.3, 1.0)):
        super().__init__()
        warnings.warn("made", UserWarning)
        self.beta, self.head_weights = beta, head_weights

    def forward(self, output, target):
        warnings.warn("called", DeprecationWarning)
        for _ in range(300):
            print("x" * 100)
            print("y" * 100, file=E)
        total = self.head_weights[2] * head_loss(output.main, target, self.beta)
        if None not in (output.aux1, output.aux2):
            total = total + self.head_weights[0] * head_loss(output.aux1, target, self.beta) + self.head_weights[1] * head_loss(output.aux2, target, self.beta)
        return total
