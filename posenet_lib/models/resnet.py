"""ResNet trunks: torchvision's blocks without the classifier, so that its ImageNet weights fit name by name.

He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition", CVPR 2016, table 1.
"""

from typing import NamedTuple

import torch
from torch import Tensor
from torchvision.models.resnet import BasicBlock, Bottleneck, ResNet

LAYOUTS = {
    "resnet18": (BasicBlock, [2, 2, 2, 2]),
    "resnet34": (BasicBlock, [3, 4, 6, 3]),
    "resnet50": (Bottleneck, [3, 4, 6, 3]),
}


class ResNetFeatures(NamedTuple):
    """What the main head reads. There are no auxiliary heads: the shortcuts bring gradient to every depth."""

    after_layer4: Tensor  # [B, 512 or 2048, 7, 7]


class ResNetTrunk(ResNet):
    """The trunk. Args: `name` is a key of `LAYOUTS`. `conv1`, `bn1`, `layer1` to `layer4` as in torchvision."""

    aux_channels = ()

    def __init__(self, name: str):
        block, counts = LAYOUTS[name]
        super().__init__(block, counts)
        self.channels = self.fc.in_features  # 512, or 2048 for resnet50
        del self.fc, self.avgpool  # the head pools for itself

    def forward(self, images: Tensor) -> ResNetFeatures:
        """[B, 3, 224, 224], transformed as in `transforms` -> features; channels in brackets are resnet50's."""
        x = torch.relu(self.bn1(self.conv1(images)))  # [B, 64, 112, 112]
        x = self.layer1(self.maxpool(x))  # [B, 64 (256), 56, 56]
        x = self.layer2(x)  # [B, 128 (512), 28, 28]
        x = self.layer3(x)  # [B, 256 (1024), 14, 14]
        return ResNetFeatures(self.layer4(x))  # [B, 512 (2048), 7, 7]


def resnet18() -> ResNetTrunk:
    """18 layers."""
    return ResNetTrunk("resnet18")


def resnet34() -> ResNetTrunk:
    """34 layers."""
    return ResNetTrunk("resnet34")


def resnet50() -> ResNetTrunk:
    """50 layers, in bottleneck blocks."""
    return ResNetTrunk("resnet50")
