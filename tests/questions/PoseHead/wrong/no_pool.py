# expect: 14 x 14 places are left, as without a pool
# loses: values, dropout, gradient
# outcome: raised
import torch
from torch import nn

from posenet_lib.geometry.poses import Pose
from posenet_lib.workbook import answer


@answer
class PoseHead(nn.Module):
    def __init__(self, channels: int, dropout: float, to_metres: nn.Module):
        super().__init__()
        self.shrink = nn.AvgPool2d(kernel_size=5, stride=3)
        self.conv = nn.Conv2d(channels, 128, kernel_size=1)
        self.features = nn.Linear(2048, 1024)
        self.drop = nn.Dropout(dropout)
        self.to_position = nn.Linear(1024, 3)
        self.to_quaternion = nn.Linear(1024, 4)
        self.to_metres = to_metres

    def forward(self, x: torch.Tensor) -> Pose:
        x = torch.relu(self.conv(x))  # [B, 128, 4, 4]
        x = torch.relu(self.features(x.flatten(start_dim=1)))  # [B, 1024]
        kept = self.drop(x)
        return Pose(self.to_metres(self.to_position(kept)), self.to_quaternion(kept))
