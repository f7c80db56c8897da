"""From one photo to its disparity: an encoder-decoder with skips (Godard et al. 2017, section 3.3, much smaller)."""

import torch
from torch import Tensor, nn

from posenet_lib.egomotion.networks.blocks import Decoder, Encoder

WIDTHS = (16, 32, 64, 96)
LARGEST_SHARE = 0.3  # of the photo's width: no disparity is larger
START = -2.0  # before the sigmoid: disparities begin at a tenth of the largest
MEAN, SPREAD = 0.45, 0.25  # photos in 0..1 become numbers around 0


class DisparityNet(nn.Module):
    """Photos [B, 3, H, W] in 0..1 -> disparities at several scales, full size first, [B, outputs, H / 2^s, W / 2^s].

    A disparity is a share of the photo's width. With a baseline it is a shift between two cameras' photos; without one
    it is inverse depth in an unknown unit.

    Args:
        outputs: 1, or 2 for the left and the right camera's disparity from the left photo.
        scales: how many sizes.
    """

    def __init__(self, outputs: int = 1, scales: int = 3):
        super().__init__()
        self.encoder = Encoder(3, WIDTHS)
        self.decoder = Decoder(WIDTHS, outputs, scales)
        for head in self.decoder.heads:
            nn.init.normal_(head.weight, std=0.01)
            nn.init.constant_(head.bias, START)

    def forward(self, photo: Tensor) -> list[Tensor]:
        """See the class."""
        features = self.encoder((photo - MEAN) / SPREAD)  # [B, 96, H/16, W/16] and three larger ones
        raw = self.decoder(features, *photo.shape[2:])
        return [LARGEST_SHARE * torch.sigmoid(one.float()) for one in raw]
