# expect: cut off or rounded to whole numbers
# loses: training, evaluation, module
# costs: training
import torch.nn.functional as F
from torch import nn
from posenet_lib.workbook import answer


@answer
class PoseLoss(nn.Module):
    def __init__(self, beta=500.0, head_weights=(0.3, 0.3, 1.0)):
        super().__init__()
        self.beta = beta
        self.w = [int(w) for w in head_weights]

    def forward(self, output, target):
        heads = [(h, w) for h, w in zip((output.aux1, output.aux2, output.main), self.w) if h is not None]
        losses = [w * head_loss(h, target, self.beta) for h, w in heads]
        return sum(losses)
