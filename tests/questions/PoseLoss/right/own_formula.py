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
        q = nn.functional.normalize(target[1], dim=1)
        total = 0.0
        for w, h in zip(self.w, (output[1], output[2], output[0])):
            if h:
                total = total + w * (torch.norm(h[0] - target[0], dim=1) + self.beta * torch.norm(h[1] - q, dim=1)).mean()
        return total
