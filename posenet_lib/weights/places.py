"""`places-googlenet.pickle`: Caffe's GoogLeNet trained on the Places photos, for the plain trunk.

A pickle of Python 2: an ordered dictionary of 128 arrays, `<layer>_0` the weights, `<layer>_1` the bias. Convolutions
are OIHW and fully connected layers (out, in) over a CHW flatten, both as in PyTorch. Source: the PyTorch port of
PoseNet and PoseLSTM that comes with Walch et al., ICCV 2017; it feeds RGB, so RGB is what the file is taken to expect.
"""

from collections.abc import Mapping

import torch
from torch import Tensor

from posenet_lib.models.googlenet import INCEPTION_TABLE, GoogLeNet
from posenet_lib.weights.formats import (
    AUXILIARY_INPUTS,
    CLASSIFIER,
    PLAIN,
    Converted,
    Shape,
    WeightFormat,
    module_shapes,
)
from posenet_lib.weights.input_convention import CAFFE_RGB, InputConvention

CAFFE_POOLS = (
    "the source's max pools round up and do not pad: its windows lie one pixel beside ours, so features agree nearly, "
    "not exactly"
)
_BRANCHES = {
    "1x1": "branch1.0",
    "3x3_reduce": "branch2.0.0",
    "3x3": "branch2.1.0",
    "5x5_reduce": "branch3.0.0",
    "5x5": "branch3.1.0",
    "pool_proj": "branch4.1.0",
}
FIRST_LAYER = "conv1/7x7_s2"
_LAYERS = {
    FIRST_LAYER: "trunk.stem.0.0",
    "conv2/3x3_reduce": "trunk.stem.3.0",
    "conv2/3x3": "trunk.stem.4.0",
    **{
        f"inception_{block}/{theirs}": f"trunk.inception{block}.{ours}"
        for block in INCEPTION_TABLE
        for theirs, ours in _BRANCHES.items()
    },
    "loss1/conv": "aux1.reduce",
    "loss1/fc": "aux1.fc",
    "loss2/conv": "aux2.reduce",
    "loss2/fc": "aux2.fc",
}
_CLASSIFIERS = ("loss1/classifier", "loss2/classifier", "loss3/classifier")


def plain_shapes() -> dict[str, tuple[int, ...]]:
    """Our names and shapes that Caffe's GoogLeNet fills: the plain trunk, and two layers of each auxiliary head."""
    with torch.device("meta"):
        shapes = {f"trunk.{name}": shape for name, shape in module_shapes(GoogLeNet(batch_norm=False)).items()}
    for head, channels in AUXILIARY_INPUTS.items():
        shapes |= {f"{head}.reduce.weight": (128, channels, 1, 1), f"{head}.reduce.bias": (128,)}
        shapes |= {f"{head}.fc.weight": (1024, 2048), f"{head}.fc.bias": (1024,)}
    return shapes


def _shapes() -> dict[str, Shape]:
    ours = plain_shapes()
    shapes: dict[str, Shape] = {}
    for layer, name in _LAYERS.items():
        shapes |= {f"{layer}_0": ours[f"{name}.weight"], f"{layer}_1": ours[f"{name}.bias"]}
    for layer in _CLASSIFIERS:
        shapes |= {f"{layer}_0": (None, 1024), f"{layer}_1": (None,)}
    return shapes


def convert(tensors: Mapping[str, Tensor], convention: InputConvention) -> Converted:
    """Rename, and fold the input's convention into the first convolution."""
    ours = {}
    for layer, name in _LAYERS.items():
        ours |= {f"{name}.weight": tensors[f"{layer}_0"], f"{name}.bias": tensors[f"{layer}_1"]}
    first = _LAYERS[FIRST_LAYER]
    folded = convention.fold(ours[f"{first}.weight"])
    ours |= {f"{first}.weight": folded.weight, f"{first}.bias": ours[f"{first}.bias"] + folded.constant}
    unused = {f"{layer}_{part}": CLASSIFIER for layer in _CLASSIFIERS for part in (0, 1)}
    return Converted(ours, unused, (CAFFE_POOLS,))


PLACES = WeightFormat("GoogLeNet trained on Places (places-googlenet.pickle)", PLAIN, _shapes(), convert, CAFFE_RGB)
