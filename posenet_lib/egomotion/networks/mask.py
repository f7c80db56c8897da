"""Explainability: which pixels the network thinks that its depth and motion explain (Zhou et al. 2017, section 3.3)."""

import torch
from torch import Tensor, nn

from posenet_lib.egomotion.networks.blocks import Decoder, Encoder
from posenet_lib.egomotion.networks.depth import MEAN, SPREAD

WIDTHS = (16, 32, 48, 64)


class MaskNet(nn.Module):
    """Target [B, 3, H, W] and S sources [S, B, 3, H, W] in 0..1 -> masks in 0..1 at several sizes, [B, S, H, W]."""

    def __init__(self, sources: int = 2, scales: int = 3):
        super().__init__()
        self.encoder = Encoder(3 * (1 + sources), WIDTHS)
        self.decoder = Decoder(WIDTHS, sources, scales)

    def forward(self, target: Tensor, sources: Tensor) -> list[Tensor]:
        """See the class."""
        views = torch.cat([target, *sources], dim=1)  # [B, 9, H, W]
        raw = self.decoder(self.encoder((views - MEAN) / SPREAD), *target.shape[2:])
        return [torch.sigmoid(one.float()) for one in raw]
