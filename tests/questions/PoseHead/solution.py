import torch
from torch import nn

from posenet_lib.geometry.poses import Pose
from posenet_lib.workbook import answer


@answer
class PoseHead(nn.Module):
    """An auxiliary pose head: what PoseNet puts in the place of GoogLeNet's first two classifiers.

    Average pool 5 x 5 with stride 3, convolution 1 x 1 to 128 channels, ReLU, fully connected layer to 1024 features,
    ReLU, dropout once; from what is left, one fully connected layer makes 3 numbers for the position, and another
    makes 4 for the quaternion.

    Args:
        channels: of the features that it reads, 512 after block 4a and 528 after 4d.
        dropout: the share of the 1024 features that is set to zero in training.
        to_metres: a module that turns the 3 numbers into metres, [B, 3] -> [B, 3].

    Shapes: [B, channels, 14, 14] -> Pose(position_m [B, 3], quaternion_wxyz [B, 4], raw: of any length).
    """

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
        x = torch.relu(self.conv(self.shrink(x)))  # [B, 128, 4, 4]
        x = torch.relu(self.features(x.flatten(start_dim=1)))  # [B, 1024]
        kept = self.drop(x)
        return Pose(self.to_metres(self.to_position(kept)), self.to_quaternion(kept))
