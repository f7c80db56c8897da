"""Start a network from pretrained weights, and say what was loaded, what stayed fresh, and why."""

from pathlib import Path

import torch
from torch import nn

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.workspace import repository_root
from posenet_lib.download.catalogue import find_known
from posenet_lib.models.checkpoint import BEST
from posenet_lib.weights import efficientnet_lite
from posenet_lib.weights.containers import read_tensors
from posenet_lib.weights.formats import BATCH_NORM, OTHER_SCENE, PLAIN, Converted, as_tensor
from posenet_lib.weights.import_report import ImportReport, why_fresh
from posenet_lib.weights.input_convention import InputConvention
from posenet_lib.weights.known import OURS, recognise, trunk_name, trunk_of

# Names that `--pretrained` knows; all else is a file. The first comes with the workbook, the others are downloads, or
# for EfficientNet a package.
COURTS, PLACES_GOOGLENET, IMAGENET = "courts", "places-googlenet", "imagenet"
_IMAGENET_BY_TRUNK = {
    BATCH_NORM: "imagenet-googlenet",
    **{name: f"imagenet-{name}" for name in ("resnet18", "resnet34", "resnet50", efficientnet_lite.TRUNK)},
}


def load_pretrained(model: nn.Module, source: str | Path, convention: InputConvention | None = None) -> ImportReport:
    """Load pretrained weights into a PoseNet, in place.

    Args:
        model: the network; its trunk decides which files fit.
        source: 'courts', 'places-googlenet' or 'imagenet' (files of `pretrained_models/`, or a package), or a file:
            `places-googlenet.pickle`, `posenet.npy`, a state dict of torchvision (.pth), or a checkpoint of this
            workbook or its run's folder.
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
    # Batch norm's counter of batches changes nothing, and many files leave it out.
    absent = [name for name in state if name not in usable and not name.endswith("num_batches_tracked")]
    if lost := [name for name in absent if name.startswith("trunk.")]:
        raise WorkbookError(f"{path}: {lost[0]} of this network's trunk is not in it")
    with torch.no_grad():
        for name, tensor in usable.items():
            state[name].copy_(tensor)
    fresh = {name: why_fresh(name) for name in absent}
    return ImportReport(path, title, fits_trunk, tuple(usable), fresh, unused, converted.notes)


def pretrained_file(source: str | Path, trunk: str | None) -> Path:
    """The file that a name stands for, which must have been downloaded.

    Raises:
        WorkbookError: it is not there (it says how to get it), or the trunk has no such weights.
    """
    name = str(source)
    if name == COURTS:
        return _courts_file(trunk)
    path = Path(source).expanduser()
    if name not in (PLACES_GOOGLENET, IMAGENET, *_IMAGENET_BY_TRUNK.values()):
        if not path.exists():
            raise WorkbookError(
                f"{path}: no such file; give a file, {COURTS!r}, {PLACES_GOOGLENET!r}, or "
                f"{IMAGENET!r} (what fits the trunk)"
            )
        return path / BEST if (path / BEST).is_file() else path  # a run's folder stands for its best epoch
    if name == IMAGENET:
        if trunk not in _IMAGENET_BY_TRUNK:
            raise WorkbookError(
                f"there are no ImageNet weights for the trunk {trunk!r}: it starts from '{PLACES_GOOGLENET}'. "
                f"ImageNet's are for {', '.join(_IMAGENET_BY_TRUNK)}"
            )
        name = _IMAGENET_BY_TRUNK[trunk]
    if name == _IMAGENET_BY_TRUNK[efficientnet_lite.TRUNK]:
        return efficientnet_lite.installed_file()
    known = find_known(name)
    if not known.path.is_file():
        raise WorkbookError(f"{known.path} is not here yet; get it with: posenet download {known.name}")
    return known.path


def _courts_file(trunk: str | None) -> Path:
    """The trunk that was pretrained on rendered courts and comes with the workbook (see `pretraining`)."""
    path = repository_root() / "pretrained_models" / f"{COURTS}-{trunk}.safetensors"
    if not path.is_file():
        make = f", or make some: posenet weights pretrain --trunk {PLAIN} --out FILE.safetensors"  # no other trunk
        raise WorkbookError(
            f"there are no weights {COURTS!r} for the trunk {trunk!r}: they are for {BATCH_NORM}. Use "
            f"--trunk {BATCH_NORM}{make if trunk == PLAIN else ''}"
        )
    return path


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
    return known.title, known.trunk, known.convert(known.checked(path, found), convention or known.convention)


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
