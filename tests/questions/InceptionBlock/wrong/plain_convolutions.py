# expect: There is no ReLU at all
# loses: values, gradient
import torch
from torch import nn

from posenet_lib.models.googlenet import ConvReLU, InceptionChannels
from posenet_lib.workbook import answer


@answer
class InceptionBlock(nn.Module):
    def __init__(self, c: InceptionChannels):
        super().__init__()
        self.point = nn.Conv2d(c.inputs, c.one, 1)
        self.small = nn.Sequential(
            nn.Conv2d(c.inputs, c.reduce_three, 1),
            nn.Conv2d(c.reduce_three, c.three, 3, padding=1),
        )
        self.large = nn.Sequential(
            nn.Conv2d(c.inputs, c.reduce_five, 1),
            nn.Conv2d(c.reduce_five, c.five, 5, padding=2),
        )
        self.pooled = nn.Sequential(
            nn.MaxPool2d(kernel_size=3, stride=1, padding=1),
            nn.Conv2d(c.inputs, c.projection, 1),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([self.point(x), self.small(x), self.large(x), self.pooled(x)], dim=1)
