"""torchvision's GoogLeNet, trained on ImageNet, for the batch-norm trunk.

Three things differ from our trunk. Where the paper has 5x5 kernels torchvision has 3x3 (a slip that its weights depend
on; its issue 906): a 3x3 kernel in the middle of a 5x5 one of zeros computes the same. Its auxiliary heads have batch
norm after their convolution: in evaluation that is a scale and an offset, which our convolution takes over. Its max
pools round up where ours pad, and the last one is 2x2: that cannot be met, and is noted.
"""

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional as F
from torchvision.models import GoogLeNet as TorchvisionGoogLeNet

from posenet_lib.models.googlenet import INCEPTION_TABLE
from posenet_lib.weights.formats import BATCH_NORM, CLASSIFIER, Converted, Shape, WeightFormat, module_shapes
from posenet_lib.weights.input_convention import IMAGENET_HALF, InputConvention

_BATCH_NORM_EPS = 0.001  # in torchvision's model, and in our trunk
_BRANCHES = {
    "branch1": "branch1",
    "branch2.0": "branch2.0",
    "branch2.1": "branch2.1",
    "branch3.0": "branch3.0",
    "branch3.1": "branch3.1",
    "branch4.1": "branch4.1",
}
_LAYERS = {  # each a convolution and its batch norm
    "conv1": "trunk.stem.0",
    "conv2": "trunk.stem.3",
    "conv3": "trunk.stem.4",
    **{
        f"inception{block}.{theirs}": f"trunk.inception{block}.{ours}"
        for block in INCEPTION_TABLE
        for theirs, ours in _BRANCHES.items()
    },
}
_NOTES = (
    "the source's 3x3 kernels stand in the middle of our 5x5 ones, with zeros around: the same outputs",
    "the source's max pools round up and do not pad, and its last one is 2x2: features agree nearly, not exactly",
    "the auxiliary heads' pools differ a little from the source's",
)


def _shapes() -> dict[str, Shape]:
    with torch.device("meta"):
        model = TorchvisionGoogLeNet(num_classes=1000, aux_logits=True, init_weights=False)
    shapes: dict[str, Shape] = dict(module_shapes(model))
    for key in ("fc", "aux1.fc2", "aux2.fc2"):  # as many classes as the data set has
        shapes |= {f"{key}.weight": (None, 1024), f"{key}.bias": (None,)}
    return shapes


def convert(tensors: Mapping[str, Tensor], convention: InputConvention) -> Converted:
    """Rename, widen the kernels, and fold the input's convention into the first layer."""
    ours, unused = {}, {}
    for layer, name in _LAYERS.items():
        weight = tensors[f"{layer}.conv.weight"]
        ours[f"{name}.0.weight"] = F.pad(weight, (1, 1, 1, 1)) if layer.endswith("branch3.1") else weight
        ours |= {
            f"{name}.1.{key.removeprefix(f'{layer}.bn.')}": value
            for key, value in tensors.items()
            if key.startswith(f"{layer}.bn.")
        }
    first = _LAYERS["conv1"]
    folded = convention.fold(ours[f"{first}.0.weight"])
    # No bias here: what would be added to the output is subtracted from the mean that batch norm subtracts.
    ours |= {
        f"{first}.0.weight": folded.weight,
        f"{first}.1.running_mean": ours[f"{first}.1.running_mean"] - folded.constant,
    }
    for head in ("aux1", "aux2"):
        scale = tensors[f"{head}.conv.bn.weight"] / torch.sqrt(tensors[f"{head}.conv.bn.running_var"] + _BATCH_NORM_EPS)
        ours[f"{head}.reduce.weight"] = tensors[f"{head}.conv.conv.weight"] * scale.view(-1, 1, 1, 1)
        ours[f"{head}.reduce.bias"] = tensors[f"{head}.conv.bn.bias"] - tensors[f"{head}.conv.bn.running_mean"] * scale
        ours |= {f"{head}.fc.{part}": tensors[f"{head}.fc1.{part}"] for part in ("weight", "bias")}
        unused |= {f"{head}.fc2.{part}": CLASSIFIER for part in ("weight", "bias")}
    unused |= {f"fc.{part}": CLASSIFIER for part in ("weight", "bias")}
    return Converted(ours, unused, _NOTES)


def _counters(shapes: Mapping[str, Shape]) -> frozenset[str]:
    """Batch norm's step counters, which files of 2018 lack."""
    return frozenset(key for key in shapes if key.endswith("num_batches_tracked"))


TORCHVISION_GOOGLENET = WeightFormat(
    "torchvision's GoogLeNet", BATCH_NORM, _shapes(), convert, IMAGENET_HALF, optional=_counters(_shapes())
)
