import torch
from torch import nn

from posenet_lib.geometry.poses import Pose
from posenet_lib.models.posenet import PoseNetOutput
from posenet_lib.workbook import answer


@answer
class PoseLoss(torch.nn.Module):
    def __init__(self, *, beta=500, head_weights=[0.3, 0.3, 1]):
        super(PoseLoss, self).__init__()
        self.beta = float(beta)
        self.head_weights = list(head_weights)

    def forward(self, prediction, truth):
        losses = [head_loss(p, truth, self.beta) if p is not None else 0 for p in (prediction.aux1, prediction.aux2, prediction.main)]
        return self.head_weights[0] * losses[0] + self.head_weights[1] * losses[1] + self.head_weights[2] * losses[2]
