"""From two photos to the motion between them (Zhou et al. 2017, section 3.5; Godard et al. 2019: one pair at a time).

Their network sees the two photos on top of each other and has days to find out how to compare them. Ours has minutes,
so it is told: it gets the correlation of both photos' features, as in optical flow (Dosovitskiy et al., ICCV 2015).
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from posenet_lib.egomotion.motion import matrix_from_vector
from posenet_lib.egomotion.networks.blocks import Conv, Encoder
from posenet_lib.egomotion.networks.depth import MEAN, SPREAD

SMALL = 0.05  # motions begin near zero: where both photos overlap, there is something to learn from
RADIUS = 4  # pixels of a quarter of the size


class MotionNet(nn.Module):
    """Target and source [B, 3, H, W] in 0..1 -> `source_from_target` [B, 4, 4], in the depth network's unit."""

    def __init__(self):
        super().__init__()
        self.encoder = Encoder(3, (16, 32))
        shifts = (2 * RADIUS + 1) ** 2
        self.compare = nn.Sequential(
            Conv(32 + shifts + 2, 96), Conv(96, 64, stride=2), Conv(64, 96, stride=2), Conv(96, 128)
        )
        self.head = nn.Conv2d(128, 6, 1)
        nn.init.normal_(self.head.weight, std=1e-3)
        nn.init.zeros_(self.head.bias)

    def forward(self, target: Tensor, source: Tensor) -> Tensor:
        """See the class."""
        both = self.encoder((torch.cat([target, source]) - MEAN) / SPREAD)[-1]  # [2B, 32, H/4, W/4]
        first, second = both.chunk(2)
        features = torch.cat([first, correlation(first, second), _places(first)], dim=1)
        vector = SMALL * self.head(self.compare(features)).float().mean(dim=(2, 3))  # [B, 6]
        return matrix_from_vector(vector)


def correlation(first: Tensor, second: Tensor, radius: int = RADIUS) -> Tensor:
    """How alike each place is to those around it in the other, [B, C, H, W] twice -> [B, (2r+1)^2, H, W].

    The cosine of the angle between the two places' features, their mean over the photo taken off.
    """
    first, second = (F.normalize(x - x.mean(dim=(2, 3), keepdim=True), dim=1) for x in (first, second))
    height, width = first.shape[2:]
    padded = F.pad(second, (radius,) * 4)
    shifted = (
        padded[:, :, j : j + height, i : i + width] for j in range(2 * radius + 1) for i in range(2 * radius + 1)
    )
    return torch.stack([(first * one).sum(dim=1) for one in shifted], dim=1)


def _places(like: Tensor) -> Tensor:
    """Column and row from -1 to 1 as two more channels: a turn moves all places alike, a step forwards does not."""
    height, width = like.shape[2:]
    x = torch.linspace(-1, 1, width, device=like.device).expand(height, width)
    y = torch.linspace(-1, 1, height, device=like.device)[:, None].expand(height, width)
    return torch.stack([x, y]).expand(len(like), 2, height, width)
