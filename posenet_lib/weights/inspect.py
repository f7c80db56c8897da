"""What is this file? For weight files, checkpoints, and what people have in their place by mistake."""

import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.pose_list import read_pose_list
from posenet_lib.weights.containers import WEIGHT_CONTAINERS, Container, read_tensors, sniff
from posenet_lib.weights.known import OURS, recognise, trunk_of

_LARGEST_LIST = 100 * 10**6  # bytes


@dataclass(frozen=True)
class FileDescription:
    """What a file is, and what it is good for."""

    path: str
    container: str  # how it is stored
    what: str  # one line
    keys: int | None = None  # arrays in it
    parameters: int | None = None  # numbers in them
    fits: str | None = None  # the trunk that can start from it
    problem: str | None = None  # why it cannot be used, where it should be usable
    shapes: dict[str, tuple[int, ...]] | None = None

    def as_dict(self) -> dict:
        """For JSON."""
        return asdict(self)

    def __str__(self) -> str:
        lines = [f"{self.path}: {self.what}"]
        if self.keys is not None:
            lines.append(f"  stored as   {self.container}, {self.keys} arrays, {self.parameters:,} numbers")
        if self.fits:
            lines.append(f"  fits        posenet train --trunk {self.fits} --pretrained {self.path}")
        if self.problem:
            lines.append(f"  problem     {self.problem}")
        return "\n".join(lines)


def inspect_file(path: str | Path) -> FileDescription:
    """Look into a file without running anything in it.

    Raises:
        WorkbookError: there is no such file, or it is damaged, or refused because it holds more than data.
    """
    path = Path(path)
    container = sniff(path)
    if container in WEIGHT_CONTAINERS:
        return _describe_weights(path, container)
    if container is Container.ZIP:
        return FileDescription(str(path), container.value, _what_zip(path))
    if container is Container.OTHER and path.stat().st_size < _LARGEST_LIST:
        try:
            count = len(read_pose_list(path, check_images=False))
        except WorkbookError:
            pass
        else:
            what = f"a scene's pose list with {count} photos; its folder is what `posenet scene info` reads"
            return FileDescription(str(path), "text", what)
    return FileDescription(str(path), container.value, container.value)


def _describe_weights(path: Path, container: Container) -> FileDescription:
    found = read_tensors(path)
    shapes = {name: tuple(value.shape) for name, value in found.items()}
    parameters = sum(int(value.size if container in _NUMPY else value.numel()) for value in found.values())
    what, fits, problem = "arrays of no known network", None, None
    if any(name.startswith(OURS) for name in found):
        fits = trunk_of({name.removeprefix("model."): value for name, value in found.items()})
        scene = _trained_on(path) if container is Container.SAFETENSORS else None
        what = f"a network of this workbook, trained on {scene}" if scene else "a network of this workbook"
    elif known := recognise(found):
        what, fits = known.title, known.trunk
        try:
            known.checked(path, found)
        except WorkbookError as error:
            fits, problem = None, str(error).removeprefix(f"{path}: ")
    return FileDescription(str(path), container.value, what, len(found), parameters, fits, problem, shapes)


_NUMPY = (Container.NPY, Container.PICKLE)


def _trained_on(path: Path) -> str | None:
    from posenet_lib.models.checkpoint import load_checkpoint

    try:
        return load_checkpoint(path).scene_name
    except WorkbookError:
        return None


def _what_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as zipped:
            names = zipped.namelist()
    except (zipfile.BadZipFile, OSError, NotImplementedError, UnicodeDecodeError) as error:
        return f"a zip archive that is damaged or cut off ({error}); download it again"
    if any(name.endswith("dataset_train.txt") for name in names):
        return (
            f"a packed scene ({len(names):,} files); put it into data/datasets and run `posenet download` with its name"
        )
    if names and all(name.endswith(".npy") for name in names):
        return f"NumPy arrays as .npz ({', '.join(names[:3])}); no weights in a layout that is known here"
    return f"a zip archive of {len(names):,} files, no scene and no weights"
