"""PoseNet for many courts at once: one trunk and one set of heads, but last layers for each court.

What lies in the trunk has to serve every court, so it cannot learn one of them by heart. A court's own frame (where its
origin is, which way is north) is known to its last layers alone.
"""

import torch
from torch import Tensor, nn

from posenet_lib.geometry.poses import Pose
from posenet_lib.models.posenet import PoseNet

_SPREAD_M = (4.0, 2.5, 0.1)  # of positions in a court: x, y, height
DEPTH_SIDE = 28  # values along each side of a predicted depth map


class CourtRegressors(nn.Module):
    """Dropout and the last layer of a head, for each of C courts."""

    def __init__(self, features: int, courts: int, dropout: float):
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.weight = nn.Parameter(0.01 * torch.randn(courts, 7, features))
        self.bias = nn.Parameter(torch.zeros(courts, 7))
        self.register_buffer("spread_m", torch.tensor(_SPREAD_M))

    def forward(self, features: Tensor, court: Tensor, mean_m: Tensor) -> Pose:
        """Features [B, F] of photos of the courts [B], whose mean positions are [B, 3] -> Pose."""
        raw = torch.einsum("bof,bf->bo", self.weight[court], self.dropout(features)) + self.bias[court]
        return Pose(raw[:, :3] * self.spread_m + mean_m, raw[:, 3:])


class CourtsNetwork(nn.Module):
    """A PoseNet whose last layers are `CourtRegressors`, and a depth map beside.

    Args:
        posenet: its trunk is what will be kept.
    """

    def __init__(self, posenet: PoseNet, courts: int, *, dropout: float, aux_dropout: float):
        super().__init__()
        self.posenet = posenet
        for head in (posenet.aux1, posenet.aux2, posenet.main):
            head.regressor = nn.Identity()
        self.aux1 = CourtRegressors(1024, courts, aux_dropout)
        self.aux2 = CourtRegressors(1024, courts, aux_dropout)
        self.main = CourtRegressors(2048, courts, dropout)
        middle = posenet.trunk.aux_channels[1]
        self.depth = nn.Sequential(nn.Conv2d(middle, 64, 1), nn.ReLU(), nn.Conv2d(64, 16, 1), nn.PixelShuffle(4))

    def forward(self, images: Tensor, court: Tensor, mean_m: Tensor) -> tuple[list[Pose], Tensor]:
        """[B, 3, 112, 112] -> the poses of the three heads, and the logarithm of depth [B, 28, 28]."""
        features = self.posenet.trunk(images)
        poses = [
            self.aux1(self.posenet.aux1(features.after_4a), court, mean_m),
            self.aux2(self.posenet.aux2(features.after_4d), court, mean_m),
            self.main(self.posenet.main(features.after_5b), court, mean_m),
        ]
        return poses, self.depth(features.after_4d)[:, 0]
