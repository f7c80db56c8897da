"""`posenet.npy`: PoseNet's released weights as its TensorFlow port stores them, for the plain trunk.

A dictionary `{layer: {"weights", "biases"}}` inside a NumPy file. Convolutions are HWIO, fully connected layers
(in, out) over an HWC flatten, the input is BGR in 0..255 minus the mean.
"""

from collections.abc import Mapping

from torch import Tensor

from posenet_lib.models.googlenet import INCEPTION_TABLE
from posenet_lib.weights.formats import OTHER_SCENE, PLAIN, Converted, Shape, WeightFormat
from posenet_lib.weights.input_convention import CAFFE_BGR, InputConvention
from posenet_lib.weights.places import CAFFE_POOLS, plain_shapes

_BRANCHES = {
    "reduction1": "branch2.0.0",
    "reduction2": "branch3.0.0",
    "out0": "branch1.0",
    "out1": "branch2.1.0",
    "out2": "branch3.1.0",
    "out3": "branch4.1.0",
}
_LAYERS = {
    "conv1": "trunk.stem.0.0",
    "reduction2": "trunk.stem.3.0",
    "conv2": "trunk.stem.4.0",
    **{
        f"icp{number}_{theirs}": f"trunk.inception{block}.{ours}"
        for number, block in enumerate(INCEPTION_TABLE, start=1)
        for theirs, ours in _BRANCHES.items()
    },
    "cls1_reduction_pose": "aux1.reduce",
    "cls1_fc1_pose": "aux1.fc",
    "cls2_reduction_pose": "aux2.reduce",
    "cls2_fc1": "aux2.fc",
    "cls3_fc1_pose": "main.fc",
}
_REGRESSORS = {
    f"cls{head}_fc_pose_{part}": (features, size)
    for head, features in ((1, 1024), (2, 1024), (3, 2048))
    for part, size in (("xyz", 3), ("wpqr", 4))
}


def _to_ours(name: str, weight: Tensor) -> Tensor:
    if weight.dim() == 4:
        return weight.permute(3, 2, 0, 1).contiguous()  # HWIO -> OIHW
    if name in ("aux1.fc", "aux2.fc"):  # its input was flattened as 4 x 4 x 128, ours is 128 x 4 x 4
        return weight.reshape(4, 4, 128, 1024).permute(3, 2, 0, 1).reshape(1024, 2048)
    return weight.t().contiguous()


def _their_shape(shape: tuple[int, ...]) -> Shape:
    return (*shape[2:], shape[1], shape[0])


def _shapes() -> dict[str, Shape]:
    ours = plain_shapes() | {"main.fc.weight": (2048, 1024), "main.fc.bias": (2048,)}
    shapes: dict[str, Shape] = {}
    for layer, name in _LAYERS.items():
        shapes |= {f"{layer}/weights": _their_shape(ours[f"{name}.weight"]), f"{layer}/biases": ours[f"{name}.bias"]}
    for layer, (features, size) in _REGRESSORS.items():
        shapes |= {f"{layer}/weights": (features, size), f"{layer}/biases": (size,)}
    return shapes


def convert(tensors: Mapping[str, Tensor], convention: InputConvention) -> Converted:
    """Rename, transpose, and fold the input's scale, offset and channel order into the first convolution."""
    ours = {}
    for layer, name in _LAYERS.items():
        ours[f"{name}.weight"] = _to_ours(name, tensors[f"{layer}/weights"])
        ours[f"{name}.bias"] = tensors[f"{layer}/biases"]
    first = _LAYERS["conv1"]
    folded = convention.fold(ours[f"{first}.weight"])
    ours |= {f"{first}.weight": folded.weight, f"{first}.bias": ours[f"{first}.bias"] + folded.constant}
    unused = {f"{layer}/{part}": OTHER_SCENE for layer in _REGRESSORS for part in ("weights", "biases")}
    return Converted(ours, unused, (CAFFE_POOLS,))


TENSORFLOW = WeightFormat("PoseNet of the TensorFlow port (posenet.npy)", PLAIN, _shapes(), convert, CAFFE_BGR)
