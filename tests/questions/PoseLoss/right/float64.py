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
        target = Pose(target.position_m.double(), target.quaternion_wxyz.double())
        loss = 0
        for weight, head in ((self.w[0], output.aux1), (self.w[1], output.aux2), (self.w[2], output.main)):
            if head is not None:
                head = Pose(head.position_m.double(), head.quaternion_wxyz.double())
                loss = loss + weight * head_loss(head, target, self.beta)
        return loss
