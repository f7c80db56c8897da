# expect: does not call `super().__init__()`
# loses: values, gradient
import torch
from torch import nn

from posenet_lib.models.googlenet import ConvReLU, InceptionChannels
from posenet_lib.workbook import answer


@answer
class InceptionBlock(nn.Module):
    def __init__(self, c: InceptionChannels):
        pass

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([x], dim=1)
