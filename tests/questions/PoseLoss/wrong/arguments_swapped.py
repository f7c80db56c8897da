# expect: arguments of `head_loss` are swapped
# loses: training, evaluation, module
# costs: training
from torch import nn

from posenet_lib.workbook import answer


@answer
class PoseLoss(nn.Module):
    def __init__(self, beta=500.0, head_weights=(0.3, 0.3, 1.0)):
        super().__init__()
        self.beta = beta
        self.head_weights = head_weights

    def forward(self, output, target):
        heads = zip(self.head_weights, (output.aux1, output.aux2, output.main))
        return sum(weight * head_loss(target, head, self.beta) for weight, head in heads if head is not None)
