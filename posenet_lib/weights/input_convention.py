"""What a pretrained network saw as its input, and how its first convolution is changed to see ours.

Ours is ``u = ((v - mean image) / 255 - 0.5) / 0.5`` for RGB values v in 0..255 (`posenet_lib.data.transforms`). Every
source saw some ``s = scale * u + offset`` of it. Convolution is linear, so the first layer can do this step itself:

    conv(s) = sum W (scale u + offset) + b = sum (W scale) u + (b + sum W offset)

This is exact in the interior. Along the photo's edge it is not: a padded zero was the source's zero, now it is ours.

The scene's mean image takes the place of the mean that the source subtracted, for ImageNet's three numbers too: both
serve to centre the photos, and centred photos are what the later layers were trained on.
"""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

IMAGENET_MEAN = (0.485, 0.456, 0.406)  # RGB, of values in 0..1; torchvision's presets
IMAGENET_STD = (0.229, 0.224, 0.225)


class FoldedConvolution(NamedTuple):
    """A first convolution that takes our input."""

    weight: Tensor  # [O, 3, H, W], RGB
    constant: Tensor  # [O], to be added to each output


@dataclass(frozen=True)
class InputConvention:
    """What a source saw, as a function of our input: ``scale * u + offset``, for red, green and blue."""

    scale: tuple[float, float, float]
    offset: tuple[float, float, float]
    channels: str = "RGB"  # the order in which the source's first layer reads them

    def fold(self, weight: Tensor) -> FoldedConvolution:
        """Rewrite a first convolution's weights [O, 3, H, W], given in the source's channel order."""
        weight = weight.double()
        if self.channels == "BGR":
            weight = weight.flip(1)
        scale, offset = (
            torch.tensor(numbers, dtype=torch.float64).view(1, 3, 1, 1) for numbers in (self.scale, self.offset)
        )
        return FoldedConvolution((weight * scale).float(), (weight * offset).sum(dim=(1, 2, 3)).float())


# Caffe's models: 0..255 minus a mean. v - mean = 127.5 u + 127.5.
CAFFE_RGB = InputConvention((127.5,) * 3, (127.5,) * 3)
CAFFE_BGR = InputConvention((127.5,) * 3, (127.5,) * 3, "BGR")
# torchvision's ResNets: (v / 255 - mean) / std. (v - mean image) / 255 = (u + 1) / 2.
IMAGENET = InputConvention(*(tuple(0.5 / std for std in IMAGENET_STD),) * 2)
# torchvision's GoogLeNet: its `transform_input` turns that into (v / 255 - 0.5) / 0.5, with no mean subtracted.
IMAGENET_HALF = InputConvention((1.0,) * 3, tuple(2 * mean for mean in IMAGENET_MEAN))
# TensorFlow's small networks: (v - 127) / 128, no mean subtracted either. v = 127.5 (u + 1) + 255 mean.
TENSORFLOW_LITE = InputConvention((127.5 / 128,) * 3, tuple((255 * mean + 0.5) / 128 for mean in IMAGENET_MEAN))
