import torch
from torch import nn
from posenet_lib.workbook import answer

@answer
class PoseLoss(nn.Module):
    def __init__(self, beta=500.0, head_weights=(0.3, 0.3, 1.0)):
        super().__init__()
        self.beta, self.w = beta, head_weights

    def plot(self):
        raise NotImplementedError

    def extra_repr(self):
        raise NotImplementedError("later")

    def forward(self, output, target):
        heads = (output.aux1, output.aux2, output.main)
        return sum(w * head_loss(h, target, self.beta) for w, h in zip(self.w, heads) if h is not None)
