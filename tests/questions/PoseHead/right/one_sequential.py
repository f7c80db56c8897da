import torch
from torch import nn

from posenet_lib.geometry.poses import Pose
from posenet_lib.workbook import answer


@answer
class PoseHead(nn.Module):
    def __init__(self, channels: int, dropout: float, to_metres: nn.Module):
        super().__init__()
        self.body = nn.Sequential(
            nn.AvgPool2d(5, 3),
            nn.Conv2d(channels, 128, 1),
            nn.ReLU(inplace=True),
            nn.Flatten(),
            nn.Linear(2048, 1024),
            nn.ReLU(inplace=True),
            nn.Dropout(dropout),
        )
        self.position = nn.Sequential(nn.Linear(1024, 3), to_metres)
        self.quaternion = nn.Linear(1024, 4)

    def forward(self, x: torch.Tensor) -> Pose:
        features = self.body(x)
        return Pose(self.position(features), self.quaternion(features))
