"""Which of the known formats a set of names is, and which of our trunks a model has."""

from collections.abc import Iterable, Mapping
from typing import Any

from torch import nn

from posenet_lib.weights.formats import BATCH_NORM, PLAIN, WeightFormat

OURS = ("model.trunk.", "trunk.")  # how names begin in the workbook's own checkpoints and state dicts


def recognise(names: Iterable[str]) -> WeightFormat | None:
    """The format that has most of these names; None if none has half of them."""
    names = set(names)
    for formats in (_light_formats, _torchvision_formats):  # torchvision takes seconds to import: only if needed
        best = max(formats(), key=lambda known: (_shared(names, known), -abs(len(names) - len(known.shapes))))
        if _shared(names, best) >= 0.5:
            return best
    return None


def trunk_of(state: Mapping[str, Any]) -> str | None:
    """What our trunk with this state is called; None if it is none of ours."""
    if "trunk.stem.0.0.weight" in state:
        return BATCH_NORM if "trunk.stem.0.1.weight" in state else PLAIN
    if "trunk.blocks.0.depthwise.0.weight" in state:
        return "efficientnet-lite0"
    if "trunk.conv1.weight" in state:
        blocks = len({name.split(".")[2] for name in state if name.startswith("trunk.layer3.")})
        kind = "bottleneck" if "trunk.layer1.0.conv3.weight" in state else "basic"
        return {("basic", 2): "resnet18", ("basic", 6): "resnet34", ("bottleneck", 6): "resnet50"}.get((kind, blocks))
    return None


def trunk_name(model: nn.Module) -> str | None:
    """The same for a network."""
    return trunk_of(model.state_dict())


def _shared(names: set[str], known: WeightFormat) -> float:
    return len(names & set(known.shapes)) / max(1, len(names))


def _light_formats() -> tuple[WeightFormat, ...]:
    from posenet_lib.weights.efficientnet_lite import EFFICIENTNET_LITE0
    from posenet_lib.weights.places import PLACES
    from posenet_lib.weights.tensorflow import TENSORFLOW

    return PLACES, TENSORFLOW, EFFICIENTNET_LITE0


def _torchvision_formats() -> tuple[WeightFormat, ...]:
    from posenet_lib.weights.torchvision_googlenet import TORCHVISION_GOOGLENET
    from posenet_lib.weights.torchvision_resnet import RESNETS

    return TORCHVISION_GOOGLENET, *RESNETS
