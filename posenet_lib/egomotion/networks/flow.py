"""From two photos and the rigid flow between them to what the rigid flow lacks (Yin & Shi 2018, section 3.3)."""

import torch
from torch import Tensor, nn

from posenet_lib.egomotion.flow import warp_by_flow
from posenet_lib.egomotion.networks.blocks import Decoder, Encoder
from posenet_lib.egomotion.networks.depth import MEAN, SPREAD

WIDTHS = (16, 32, 64, 96)
SMALL = 0.03  # of the photo's width: residual flows begin at nothing; with 0.01 they grow too slowly for a minute
INPUTS = 3 + 3 + 3 + 2 + 1


class ResidualFlowNet(nn.Module):
    """Residual flows [B, 2, H / 2^s, W / 2^s] at several sizes, in pixels of each size, full size first."""

    def __init__(self, scales: int = 3):
        super().__init__()
        self.encoder = Encoder(INPUTS, WIDTHS)
        self.decoder = Decoder(WIDTHS, 2, scales)
        for head in self.decoder.heads:
            nn.init.zeros_(head.weight)
            nn.init.zeros_(head.bias)

    def forward(self, target: Tensor, source: Tensor, rigid: Tensor) -> list[Tensor]:
        """See the class.

        Args:
            target, source: photos [B, 3, H, W] in 0..1.
            rigid: flow from target to source, [B, 2, H, W] in pixels.
        """
        warped, inside = warp_by_flow(source, rigid)
        error = (warped - target).abs().mean(dim=1, keepdim=True) * inside
        photos = (torch.cat([target, source, warped], dim=1) - MEAN) / SPREAD
        seen = torch.cat([photos, rigid / (SMALL * rigid.shape[3]), error / SPREAD], dim=1)  # [B, 12, H, W]
        raw = self.decoder(self.encoder(seen), *target.shape[2:])
        return [SMALL * one.shape[3] * one.float() for one in raw]
