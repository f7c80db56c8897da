import torch
from torch import nn

from posenet_lib.geometry.poses import Pose
from posenet_lib.models.posenet import PoseNetOutput
from posenet_lib.workbook import answer


@answer
class PoseLoss(nn.Module):
    def __init__(self, beta=500.0, head_weights=(0.3, 0.3, 1.0)):
        super().__init__()
        self.beta, self.w = beta, head_weights

    def forward(self, output, target):
        a, b, c = self.w
        main = c * head_loss(output.main, target, self.beta)
        if output.aux1 is None or output.aux2 is None:
            return main
        return a * head_loss(output.aux1, target, self.beta) + b * head_loss(output.aux2, target, self.beta) + main
