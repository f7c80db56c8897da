# expect: which none should have here
# loses: values, gradient
import torch
from torch import nn

from posenet_lib.models.googlenet import ConvReLU, InceptionChannels
from posenet_lib.workbook import answer


@answer
class InceptionBlock(nn.Module):
    def __init__(self, c: InceptionChannels):
        super().__init__()
        self.point = ConvReLU(192, 64, 1, batch_norm=False)
        self.small = nn.Sequential(
            ConvReLU(192, 96, 1, batch_norm=False),
            ConvReLU(96, 128, 3, padding=1, batch_norm=False),
        )
        self.large = nn.Sequential(
            ConvReLU(192, 16, 1, batch_norm=False),
            ConvReLU(16, 32, 5, padding=2, batch_norm=False),
        )
        self.pooled = nn.Sequential(
            nn.MaxPool2d(kernel_size=3, stride=1, padding=1),
            ConvReLU(192, 32, 1, batch_norm=False),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([self.point(x), self.small(x), self.large(x), self.pooled(x)], dim=1)
