"""The probe for `PoseHead`: four layers with known numbers, whatever they are called in the answer."""

import functools
from collections.abc import Mapping

import torch
from torch import Tensor, nn

from posenet_lib.workbook.checks.known_layers import KnownLayer, give_weights, known_layers

SIZE = 14  # of the features that a head reads


@functools.cache
def head_layers(channels: int) -> Mapping[str, KnownLayer]:
    """The head's four layers with known numbers."""
    return known_layers(
        {
            "conv: the 1x1 convolution": (128, channels, 1, 1),
            "fc: the fully connected layer to 1024": (1024, 2048),
            "position: the layer of the position": (3, 1024),
            "quaternion: the layer of the quaternion": (4, 1024),
        }
    )


def give_head_weights(made: nn.Module, channels: int, *, alike: bool = False, constant: bool = False) -> None:
    """Copy known numbers into a head; position and quaternion may come from one layer of 7.

    Args:
        alike: the position's three rows are the quaternion's first three.
        constant: all 1024 features become 1, and each output is their mean.

    Raises:
        Wrong: a layer is missing, or has weights of another shape.
    """
    if any(isinstance(parameter, nn.parameter.UninitializedParameter) for parameter in made.parameters()):
        made(torch.zeros(2, channels, SIZE, SIZE))  # lazy layers get their shapes now
    known = dict(head_layers(channels))
    if alike:
        known["position"] = KnownLayer(known["position"].name, *(part[:3] for part in known["quaternion"][1:]))
    if constant:
        known["fc"] = KnownLayer(known["fc"].name, torch.zeros(1024, 2048), torch.ones(1024))
        for key, rows in (("position", 3), ("quaternion", 4)):
            known[key] = KnownLayer(known[key].name, torch.full((rows, 1024), 1 / 1024), torch.zeros(rows))
    if any(isinstance(layer, nn.Linear) and layer.weight.shape == (7, 1024) for layer in made.modules()):
        both = [torch.cat(parts) for parts in zip(known.pop("position")[1:], known.pop("quaternion")[1:], strict=True)]
        known["both"] = KnownLayer("the layer of position and quaternion", *both)
    give_weights(made, known, torch.zeros(2, channels, SIZE, SIZE))


def kept_shares(answer: type, channels: int, dropout: float) -> Tensor:
    """In training, where all features are 1: the mean of what dropout leaves of them, for 96 photos, [96]."""
    made = answer(channels, dropout, nn.Identity())
    give_head_weights(made, channels, constant=True)
    return made.train()(torch.zeros(96, channels, SIZE, SIZE))[0][:, 0].detach()
