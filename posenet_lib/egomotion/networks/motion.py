"""From two photos to the motion between them (Zhou et al. 2017, section 3.5), one pair at a time."""

import torch
from torch import Tensor, nn

from posenet_lib.egomotion.motion import matrix_from_vector
from posenet_lib.egomotion.networks.blocks import Conv
from posenet_lib.egomotion.networks.depth import MEAN, SPREAD

SMALL = 0.01  # motions begin near zero: where both photos overlap, there is something to learn from
WIDTHS = (16, 32, 64, 96, 128)


class MotionNet(nn.Module):
    """Target and source [B, 3, H, W] in 0..1 -> `source_from_target` [B, 4, 4], in the depth network's unit."""

    def __init__(self):
        super().__init__()
        pairs = zip((6, *WIDTHS[:-1]), WIDTHS, strict=True)
        self.convolutions = nn.Sequential(*(Conv(a, b, stride=2) for a, b in pairs))
        self.head = nn.Conv2d(WIDTHS[-1], 6, 1)

    def forward(self, target: Tensor, source: Tensor) -> Tensor:
        """See the class."""
        pair = torch.cat([target, source], dim=1)
        features = self.convolutions((pair - MEAN) / SPREAD)  # [B, 128, H/32, W/32]
        vector = SMALL * self.head(features).float().mean(dim=(2, 3))  # [B, 6]: every place has its say
        return matrix_from_vector(vector)
