# expect: `torch.cat` joins on axis 0 here
# unsaid: Pad so that
# loses: values, gradient
# outcome: raised
import torch
from torch import nn

from posenet_lib.models.googlenet import ConvReLU, InceptionChannels
from posenet_lib.workbook import answer


@answer
class InceptionBlock(nn.Module):
    def __init__(self, c: InceptionChannels):
        super().__init__()
        self.point = ConvReLU(c.inputs, c.one, 1, batch_norm=False)
        self.small = nn.Sequential(
            ConvReLU(c.inputs, c.reduce_three, 1, batch_norm=False),
            ConvReLU(c.reduce_three, c.three, 3, padding=1, batch_norm=False),
        )
        self.large = nn.Sequential(
            ConvReLU(c.inputs, c.reduce_five, 1, batch_norm=False),
            ConvReLU(c.reduce_five, c.five, 5, padding=2, batch_norm=False),
        )
        self.pooled = nn.Sequential(
            nn.MaxPool2d(kernel_size=3, stride=1, padding=1),
            ConvReLU(c.inputs, c.projection, 1, batch_norm=False),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([self.point(x), self.small(x), self.large(x), self.pooled(x)], dim=0)
