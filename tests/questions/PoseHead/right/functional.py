import torch
import torch.nn.functional as F
from torch import nn

from posenet_lib.geometry.poses import Pose
from posenet_lib.workbook import answer


@answer
class PoseHead(nn.Module):
    def __init__(self, channels, dropout, to_metres):
        super().__init__()
        self.p, self.to_metres = dropout, to_metres
        self.c = nn.Conv2d(channels, 128, 1)
        self.f, self.x, self.q = nn.Linear(128 * 4 * 4, 1024), nn.Linear(1024, 3), nn.Linear(1024, 4)

    def forward(self, x):
        h = F.relu(self.c(F.avg_pool2d(x, 5, 3)))
        h = F.relu(self.f(h.view(h.size(0), -1)))
        h = F.dropout(h, self.p, training=self.training)
        return Pose(self.to_metres(self.x(h)), self.q(h))
