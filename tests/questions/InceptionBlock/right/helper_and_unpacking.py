import torch
from torch import nn

from posenet_lib.models.googlenet import InceptionChannels
from posenet_lib.workbook import answer


def conv_relu(i, o, k):
    """Conv + ReLU"""
    return nn.Sequential(nn.Conv2d(i, o, k, padding=k // 2), nn.ReLU())


@answer
class InceptionBlock(nn.Module):
    def __init__(self, c: InceptionChannels):
        super().__init__()
        inputs, one, reduce3, three, reduce5, five, projection = c
        self.branch_1 = conv_relu(inputs, one, 1)
        self.branch_2 = nn.Sequential(*conv_relu(inputs, reduce3, 1), *conv_relu(reduce3, three, 3))
        self.branch_3 = nn.Sequential(*conv_relu(inputs, reduce5, 1), *conv_relu(reduce5, five, 5))
        self.branch_4 = nn.Sequential(nn.MaxPool2d(3, 1, 1), *conv_relu(inputs, projection, 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.hstack([b(x) for b in self.children()])
