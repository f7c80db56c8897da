"""torchvision's ResNets, trained on ImageNet, for the trunks of the same names: the layers agree name by name."""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn
from torchvision.models import resnet18, resnet34, resnet50

from posenet_lib.weights.formats import CLASSIFIER, Converted, Shape, WeightFormat, module_shapes
from posenet_lib.weights.input_convention import IMAGENET, InputConvention


def convert(tensors: Mapping[str, Tensor], convention: InputConvention) -> Converted:
    """Rename, and fold the input's convention into the first convolution and the mean of the batch norm behind it."""
    ours = {f"trunk.{key}": value for key, value in tensors.items() if not key.startswith("fc.")}
    folded = convention.fold(ours["trunk.conv1.weight"])
    ours |= {
        "trunk.conv1.weight": folded.weight,
        "trunk.bn1.running_mean": ours["trunk.bn1.running_mean"] - folded.constant,
    }
    return Converted(ours, {f"fc.{part}": CLASSIFIER for part in ("weight", "bias")})


def _format(depth: int, build: Callable[..., nn.Module]) -> WeightFormat:
    with torch.device("meta"):
        shapes: dict[str, Shape] = dict(module_shapes(build(weights=None)))
    shapes |= {"fc.weight": (None, shapes["fc.weight"][1]), "fc.bias": (None,)}
    optional = frozenset(key for key in shapes if key.endswith("num_batches_tracked"))  # files of 2018 lack them
    return WeightFormat(f"torchvision's ResNet-{depth}", f"resnet{depth}", shapes, convert, IMAGENET, optional)


RESNETS = tuple(_format(depth, build) for depth, build in ((18, resnet18), (34, resnet34), (50, resnet50)))
