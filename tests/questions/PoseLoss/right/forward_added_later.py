import torch
from torch import nn
from posenet_lib.workbook import answer

@answer
class PoseLoss(nn.Module):
    def __init__(self, beta=500.0, head_weights=(0.3, 0.3, 1.0)):
        super().__init__()
        self.beta = beta
        self.head_weights = head_weights

def verlust(self, output, target):
    a, b, c = self.head_weights
    loss = c * head_loss(output.main, target, self.beta)
    if output.aux1 is not None:
        loss = loss + a * head_loss(output.aux1, target, self.beta)
    if output.aux2 is not None:
        loss = loss + b * head_loss(output.aux2, target, self.beta)
    return loss

PoseLoss.forward = verlust
