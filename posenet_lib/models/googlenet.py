"""GoogLeNet's trunk: the stem and nine inception blocks, read at three depths.

Szegedy et al., CVPR 2015 (layer table), as PoseNet uses it (Kendall et al., ICCV 2015, section 3). Two forms of one
trunk: *plain*, with local response normalisation in the stem as in 2014, and *batch norm*, with a batch-norm layer
after every convolution and no LRN, which trains from scratch far faster.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn


class TrunkFeatures(NamedTuple):
    """What the three heads read; for 224x224 photos the sizes are 14, 14 and 7."""

    after_4a: Tensor  # [B, 512, 14, 14]
    after_4d: Tensor  # [B, 528, 14, 14]
    after_5b: Tensor  # [B, 1024, 7, 7]


class InceptionChannels(NamedTuple):
    """One row of the layer table."""

    inputs: int
    one: int  # the 1x1 branch
    reduce_three: int  # 1x1 before the 3x3
    three: int
    reduce_five: int  # 1x1 before the 5x5
    five: int
    projection: int  # 1x1 after the max pool

    @property
    def outputs(self) -> int:
        """Channels after the four branches are concatenated."""
        return self.one + self.three + self.five + self.projection


INCEPTION_TABLE = {
    "3a": InceptionChannels(192, 64, 96, 128, 16, 32, 32),
    "3b": InceptionChannels(256, 128, 128, 192, 32, 96, 64),
    "4a": InceptionChannels(480, 192, 96, 208, 16, 48, 64),
    "4b": InceptionChannels(512, 160, 112, 224, 24, 64, 64),
    "4c": InceptionChannels(512, 128, 128, 256, 24, 64, 64),
    "4d": InceptionChannels(512, 112, 144, 288, 32, 64, 64),
    "4e": InceptionChannels(528, 256, 160, 320, 32, 128, 128),
    "5a": InceptionChannels(832, 256, 160, 320, 32, 128, 128),
    "5b": InceptionChannels(832, 384, 192, 384, 48, 128, 128),
}


class ConvReLU(nn.Sequential):
    """Convolution -> (batch norm) -> ReLU; with batch norm the convolution needs no bias of its own."""

    def __init__(self, inputs: int, outputs: int, kernel: int, *, stride: int = 1, padding: int = 0, batch_norm: bool):
        layers: list[nn.Module] = [nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=not batch_norm)]
        if batch_norm:
            layers.append(nn.BatchNorm2d(outputs, eps=0.001))
        super().__init__(*layers, nn.ReLU(inplace=True))


def max_pool() -> nn.MaxPool2d:
    """Halve height and width. Caffe's model rounds up instead and does not pad: its windows lie one pixel off."""
    return nn.MaxPool2d(kernel_size=3, stride=2, padding=1)


def local_response_norm() -> nn.LocalResponseNorm:
    """GoogLeNet's LRN over 5 neighbouring channels (a size of 2 is a common wrong copy)."""
    return nn.LocalResponseNorm(size=5, alpha=1e-4, beta=0.75, k=1.0)


class Inception(nn.Module):
    """Four branches side by side, concatenated on channels in the order 1x1, 3x3, 5x5, pool projection."""

    def __init__(self, c: InceptionChannels, *, batch_norm: bool):
        super().__init__()
        self.branch1 = ConvReLU(c.inputs, c.one, 1, batch_norm=batch_norm)
        self.branch2 = nn.Sequential(
            ConvReLU(c.inputs, c.reduce_three, 1, batch_norm=batch_norm),
            ConvReLU(c.reduce_three, c.three, 3, padding=1, batch_norm=batch_norm),
        )
        self.branch3 = nn.Sequential(
            ConvReLU(c.inputs, c.reduce_five, 1, batch_norm=batch_norm),
            ConvReLU(c.reduce_five, c.five, 5, padding=2, batch_norm=batch_norm),
        )
        self.branch4 = nn.Sequential(
            nn.MaxPool2d(kernel_size=3, stride=1, padding=1),
            ConvReLU(c.inputs, c.projection, 1, batch_norm=batch_norm),
        )

    def forward(self, x: Tensor) -> Tensor:
        """[B, inputs, H, W] -> [B, one + three + five + projection, H, W]."""
        return torch.cat([self.branch1(x), self.branch2(x), self.branch3(x), self.branch4(x)], dim=1)


class GoogLeNet(nn.Module):
    """The trunk. Args: `batch_norm` chooses the modern form (see the module's docstring)."""

    channels = 1024  # of the deepest features, which the main head reads
    aux_channels = (512, 528)  # of the two before them, which the auxiliary heads read

    def __init__(self, *, batch_norm: bool = False):
        super().__init__()
        # As in the paper, the first LRN comes after the pool and the second before it.
        self.stem = nn.Sequential(
            ConvReLU(3, 64, 7, stride=2, padding=3, batch_norm=batch_norm),  # [B, 64, 112, 112]
            max_pool(),  # [B, 64, 56, 56]
            nn.Identity() if batch_norm else local_response_norm(),
            ConvReLU(64, 64, 1, batch_norm=batch_norm),  # [B, 64, 56, 56]
            ConvReLU(64, 192, 3, padding=1, batch_norm=batch_norm),  # [B, 192, 56, 56]
            nn.Identity() if batch_norm else local_response_norm(),
            max_pool(),  # [B, 192, 28, 28]
        )
        for name, channels in INCEPTION_TABLE.items():
            self.add_module(f"inception{name}", Inception(channels, batch_norm=batch_norm))
        self.pool3 = max_pool()
        self.pool4 = max_pool()

    def forward(self, images: Tensor) -> TrunkFeatures:
        """[B, 3, 224, 224], transformed as in `transforms` -> features at three depths."""
        x = self.stem(images)  # [B, 192, 28, 28]
        x = self.inception3a(x)  # [B, 256, 28, 28]
        x = self.pool3(self.inception3b(x))  # [B, 480, 14, 14]
        after_4a = self.inception4a(x)  # [B, 512, 14, 14]
        x = self.inception4b(after_4a)  # [B, 512, 14, 14]
        x = self.inception4c(x)  # [B, 512, 14, 14]
        after_4d = self.inception4d(x)  # [B, 528, 14, 14]
        x = self.pool4(self.inception4e(after_4d))  # [B, 832, 7, 7]
        x = self.inception5a(x)  # [B, 832, 7, 7]
        after_5b = self.inception5b(x)  # [B, 1024, 7, 7]
        return TrunkFeatures(after_4a, after_4d, after_5b)


def plain() -> GoogLeNet:
    """As in 2014, with LRN."""
    return GoogLeNet()


def with_batch_norm() -> GoogLeNet:
    """The modern form."""
    return GoogLeNet(batch_norm=True)
