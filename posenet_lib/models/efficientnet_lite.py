"""EfficientNet-Lite0: a small trunk of depthwise convolutions, for computers without a GPU.

Tan, Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks", ICML 2019, table 1 (the blocks).
*Lite* is its authors' form for small devices (2020): no squeeze-and-excitation, ReLU6 in place of Swish. A step at
224 pixels is a quarter of GoogLeNet's arithmetic.
"""

from typing import NamedTuple

from torch import Tensor, nn
from torch.nn import functional as F


class Stage(NamedTuple):
    """One row of the layer table: so many blocks, of which the first has the stride."""

    blocks: int
    kernel: int
    stride: int
    expansion: int  # inside a block there are so many times its input's channels
    channels: int  # after it


STAGES = (
    Stage(1, 3, 1, 1, 16),
    Stage(2, 3, 2, 6, 24),
    Stage(2, 5, 2, 6, 40),
    Stage(3, 3, 2, 6, 80),
    Stage(3, 5, 1, 6, 112),
    Stage(4, 5, 2, 6, 192),
    Stage(1, 3, 1, 6, 320),
)
STEM, LAST = 32, 1280  # channels of the first and of the last layer


class SameConv2d(nn.Conv2d):
    """A convolution with TensorFlow's padding "SAME", which the weights were trained with.

    With stride 2 and an even size the one odd row and column of zeros lie below and to the right; PyTorch's padding
    would put zeros on all sides, and all features would lie half a pixel off.
    """

    def forward(self, x: Tensor) -> Tensor:
        """[B, inputs, H, W] -> [B, outputs, ceil(H / stride), ceil(W / stride)]."""
        (kernel, _), (stride, _) = self.kernel_size, self.stride
        rows, columns = (max(0, (-(-size // stride) - 1) * stride + kernel - size) for size in x.shape[-2:])
        if rows == columns and rows % 2 == 0:  # as much on all sides: the convolution pads by itself
            return F.conv2d(x, self.weight, None, self.stride, rows // 2, groups=self.groups)
        x = F.pad(x, (columns // 2, columns - columns // 2, rows // 2, rows - rows // 2))
        return F.conv2d(x, self.weight, None, self.stride, groups=self.groups)


class ConvNorm(nn.Sequential):
    """Convolution -> batch norm (-> ReLU6). Batch norm has the constants of the paper's code, but for its momentum.

    That code moves the running mean by a hundredth a step; a run of minutes has a few hundred steps, so ours moves by
    PyTorch's tenth.
    """

    def __init__(self, inputs: int, outputs: int, kernel: int = 1, stride: int = 1, *, groups: int = 1, relu: bool):
        layers = [
            SameConv2d(inputs, outputs, kernel, stride, groups=groups, bias=False),
            nn.BatchNorm2d(outputs, eps=0.001),
        ]
        super().__init__(*layers, *([nn.ReLU6(inplace=True)] if relu else []))


class Block(nn.Module):
    """Inverted residual (MBConv): 1x1 to more channels, one k x k filter for each channel, 1x1 back to few.

    The paper also drops whole blocks at random in training; a run of minutes does without.
    """

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int, expansion: int):
        super().__init__()
        inner = inputs * expansion
        self.expand = ConvNorm(inputs, inner, relu=True) if expansion > 1 else nn.Identity()
        self.depthwise = ConvNorm(inner, inner, kernel, stride, groups=inner, relu=True)
        self.project = ConvNorm(inner, outputs, relu=False)
        self.has_shortcut = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        """[B, inputs, H, W] -> [B, outputs, H / stride, W / stride]."""
        y = self.project(self.depthwise(self.expand(x)))
        return x + y if self.has_shortcut else y


class EfficientNetFeatures(NamedTuple):
    """What the main head reads. There are no auxiliary heads: the shortcuts bring gradient to every depth."""

    after_last: Tensor  # [B, 1280, 7, 7]


class EfficientNetLite0(nn.Module):
    """The trunk; `trunk.blocks` are numbered through, as in the released weights."""

    channels = LAST
    aux_channels = ()

    def __init__(self):
        super().__init__()
        self.stem = ConvNorm(3, STEM, kernel=3, stride=2, relu=True)
        blocks, inputs = [], STEM
        for stage in STAGES:
            for number in range(stage.blocks):
                stride = stage.stride if number == 0 else 1
                blocks.append(Block(inputs, stage.channels, stage.kernel, stride, stage.expansion))
                inputs = stage.channels
        self.blocks = nn.Sequential(*blocks)
        self.last = ConvNorm(inputs, LAST, relu=True)

    def forward(self, images: Tensor) -> EfficientNetFeatures:
        """[B, 3, 224, 224], transformed as in `transforms` -> features."""
        x = self.stem(images)  # [B, 32, 112, 112]
        x = self.blocks(x)  # [B, 320, 7, 7]
        return EfficientNetFeatures(self.last(x))  # [B, 1280, 7, 7]


def efficientnet_lite0() -> EfficientNetLite0:
    """EfficientNet-Lite0, 16 blocks of depthwise convolutions."""
    return EfficientNetLite0()
