# expect: You took squared errors
# loses: training, evaluation, module
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
        q = F.normalize(target.quaternion_wxyz, dim=1)
        total = 0.0
        for h, w in zip((output.aux1, output.aux2, output.main), self.w):
            if h is not None:
                total = total + w * (
                    F.mse_loss(h.position_m, target.position_m) + self.beta * F.mse_loss(h.quaternion_wxyz, q)
                )
        return total
