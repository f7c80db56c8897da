"""Start a network from pretrained weights, and say what was loaded, what stayed fresh, and why."""

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from posenet_lib.download.catalogue import find_known
from posenet_lib.errors import WorkbookError
from posenet_lib.weights.containers import read_tensors
from posenet_lib.weights.formats import BATCH_NORM, OTHER_SCENE, Converted, as_tensor
from posenet_lib.weights.input_convention import InputConvention
from posenet_lib.weights.known import OURS, recognise, trunk_name, trunk_of

PLACES_GOOGLENET, IMAGENET = "places-googlenet", "imagenet"  # names that `--pretrained` knows; all else is a file
_IMAGENET_BY_TRUNK = {
    BATCH_NORM: "imagenet-googlenet",
    **{name: f"imagenet-{name}" for name in ("resnet18", "resnet34", "resnet50")},
}
_WIDTH = 110


@dataclass(frozen=True)
class ImportReport:
    """What happened to every tensor of the network and every key of the file."""

    path: Path
    title: str  # what the file is
    trunk: str
    loaded: tuple[str, ...]  # the network's names
    fresh: dict[str, str]  # the network's names -> why they keep their random start
    unused: dict[str, str]  # the file's keys -> why they are not used
    notes: tuple[str, ...]  # where the source's network differs

    def __str__(self) -> str:
        lines = [f"Weights from {self.path}: {self.title}, for the trunk {self.trunk}."]
        lines += _row("loaded", f"{len(self.loaded)} tensors: {_parts(self.loaded)}")
        for label, reasons in (("fresh", self.fresh), ("not used", self.unused)):
            for reason in dict.fromkeys(reasons.values()):
                lines += _row(label, f"{_parts([key for key in reasons if reasons[key] == reason])}: {reason}")
        for note in self.notes:
            lines += _row("note", note)
        return "\n".join(lines)


def load_pretrained(model: nn.Module, source: str | Path, convention: InputConvention | None = None) -> ImportReport:
    """Load pretrained weights into a PoseNet, in place.

    Args:
        model: the network; its trunk decides which files fit.
        source: 'places-googlenet' or 'imagenet' (files of `pretrained_models/`), or a file: `places-googlenet.pickle`,
            `posenet.npy`, a state dict of torchvision (.pth), or a checkpoint of this workbook.
        convention: what the file's network saw in training (scale, offset, order of the channels), where it is another
            than is usual for such files.

    Raises:
        WorkbookError: there is no such file, it is for another trunk, or a key is missing, unknown, misshapen or not
            finite. The network is then as it was.
    """
    trunk = trunk_name(model)
    path = pretrained_file(source, trunk)
    found = read_tensors(path)
    title, fits_trunk, converted = _convert(path, found, convention)
    if fits_trunk != trunk:
        raise WorkbookError(
            f"{path}: {title} fits the trunk {fits_trunk!r}; this network's is {trunk!r}. Use --trunk {fits_trunk}, or "
            "other weights (pretrained_models/README.md lists them)"
        )
    state = model.state_dict()
    usable, unused = {}, dict(converted.unused)
    for name, tensor in converted.tensors.items():
        if name in state and state[name].shape == tensor.shape:
            usable[name] = tensor
        elif name.startswith("trunk."):
            raise WorkbookError(f"{path}: {name} is not in this network's trunk, or has another shape there")
        else:
            unused[name] = "this network's heads have no such layer"
    absent = [name for name in state if name.startswith("trunk.") and name not in usable]
    if absent := [name for name in absent if not name.endswith("num_batches_tracked")]:
        raise WorkbookError(f"{path}: {absent[0]} of this network's trunk is not in it")
    with torch.no_grad():
        for name, tensor in usable.items():
            state[name].copy_(tensor)
    fresh = {name: _why_fresh(name) for name in state if name not in usable}
    return ImportReport(path, title, fits_trunk, tuple(usable), fresh, unused, converted.notes)


def pretrained_file(source: str | Path, trunk: str | None) -> Path:
    """The file that a name stands for, which must have been downloaded.

    Raises:
        WorkbookError: it is not there (it says how to get it), or the trunk has no such weights.
    """
    name = str(source)
    if name not in (PLACES_GOOGLENET, IMAGENET):
        return Path(source).expanduser()
    if name == IMAGENET:
        if trunk not in _IMAGENET_BY_TRUNK:
            raise WorkbookError(
                f"there are no ImageNet weights for the trunk {trunk!r}: it starts from '{PLACES_GOOGLENET}'. "
                f"ImageNet's are for {', '.join(_IMAGENET_BY_TRUNK)}"
            )
        name = _IMAGENET_BY_TRUNK[trunk]
    known = find_known(name)
    if not known.path.is_file():
        raise WorkbookError(f"{known.path} is not here yet; get it with: posenet download {known.name}")
    return known.path


def _convert(path: Path, found: dict, convention: InputConvention | None) -> tuple[str, str, Converted]:
    """-> (what the file is, the trunk it is for, our tensors)."""
    if any(name.startswith(OURS) for name in found):
        return _convert_ours(path, found)
    known = recognise(found)
    if known is None:
        raise WorkbookError(
            f"{path}: {len(found)} arrays of no known network ({', '.join(list(found)[:3])}, ...); "
            "pretrained_models/README.md lists the files that fit"
        )
    known.check(path, found)
    tensors = {key: as_tensor(path, key, value) for key, value in found.items()}
    return known.title, known.trunk, known.convert(tensors, convention or known.convention)


def _convert_ours(path: Path, found: dict) -> tuple[str, str, Converted]:
    """A run's checkpoint: all of the network but what belongs to its scene."""
    model = {name.removeprefix("model."): value for name, value in found.items() if not name.startswith("optimizer.")}
    tensors, unused = {}, {}
    for name, value in model.items():
        if name.startswith("trunk.") or (name.startswith(("aux", "main")) and ".regressor." not in name):
            tensors[name] = as_tensor(path, name, value)
        else:
            unused[name] = (
                OTHER_SCENE if ".regressor." in name else "the mean image and the like belong to that run's scene"
            )
    return "a network of this workbook", trunk_of(tensors) or "an unknown one", Converted(tensors, unused)


def _why_fresh(name: str) -> str:
    if "position_scale" in name:
        return "this scene's own mean and spread of positions"
    if ".regressor." in name:
        return "they answer in this scene's own frame, and have to be learned"
    if name.startswith("main.") or ".lstm." in name:
        return "PoseNet's and PoseLSTM's own layers, which a network for classification does not have"
    if name.endswith("num_batches_tracked"):
        return "a counter that this file does not have"
    return "the file has no such layer"


def _parts(names: Iterable[str]) -> str:
    """Tensors by layer: the trunk as one, `aux1.fc.weight` and `.bias` as aux1.fc."""
    layers: dict[str, int] = {}
    for name in names:
        layer = "trunk" if name.startswith("trunk.") else name.rpartition(".")[0] or name
        layer = name[: name.rindex("_")] if "/" in name and name[-2:] in ("_0", "_1") else layer
        layer = name.rpartition("/")[0] if name.endswith(("/weights", "/biases")) else layer
        layers[layer] = layers.get(layer, 0) + 1
    return ", ".join("the whole trunk" if layer == "trunk" and count > 20 else layer for layer, count in layers.items())


def _row(label: str, text: str) -> list[str]:
    indent = f"  {label:10}"
    return textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=" " * len(indent))
