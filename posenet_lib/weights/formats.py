"""What every known weight format has in common: its keys with their shapes, and a way to our names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from posenet_lib.core.errors import WorkbookError
from posenet_lib.weights.input_convention import InputConvention

PLAIN, BATCH_NORM = "googlenet", "googlenet-bn"  # our trunks, as `--trunk` calls them; the others are resnet18 ...
AUXILIARY_INPUTS = {"aux1": 512, "aux2": 528}  # channels after 4a and 4d
Shape = tuple[int | None, ...]  # None: any size (a classifier has as many outputs as its data set has classes)
_KEYS_NAMED = 5

CLASSIFIER = "classifiers answer with names, not with poses"
OTHER_SCENE = "the last layers answer in the frame of another scene"


@dataclass(frozen=True)
class Converted:
    """A file's weights under our names."""

    tensors: dict[str, Tensor]
    unused: dict[str, str] = field(default_factory=dict)  # the file's key -> why
    notes: tuple[str, ...] = ()  # where the source's network differs from ours


@dataclass(frozen=True, eq=False)
class WeightFormat:
    """One kind of file."""

    title: str
    trunk: str  # which of our trunks it is for
    shapes: Mapping[str, Shape]  # every key that the file must have
    convert: Callable[[Mapping[str, Tensor], InputConvention], Converted]
    convention: InputConvention  # what the network saw in training, unless the caller knows better
    optional: frozenset[str] = frozenset()  # keys that older files lack

    def checked(self, path: Path, found: Mapping[str, Tensor | np.ndarray]) -> dict[str, Tensor]:
        """The file's arrays as tensors of their own, by its own names.

        Raises:
            WorkbookError: a key is missing, unknown, of another shape, or holds a number that is not finite.
        """
        problems = [f"{key} is missing" for key in self.shapes if key not in found and key not in self.optional]
        problems += [f"{key} is unknown" for key in found if key not in self.shapes]
        for key, value in found.items():
            expected = self.shapes.get(key)
            if expected is not None and not fits(tuple(value.shape), expected):
                sizes = " x ".join("any" if size is None else str(size) for size in expected) or "one number"
                got = " x ".join(map(str, value.shape)) or "one number"
                problems.append(f"{key} has the shape {got}, expected is {sizes}")
        if problems:
            more = len(problems) - _KEYS_NAMED
            raise WorkbookError(
                f"{path}: looks like {self.title}, but "
                + "; ".join(problems[:_KEYS_NAMED])
                + f"; and {more} more" * (more > 0)
            )
        return {key: as_tensor(path, key, value) for key, value in found.items()}


def fits(shape: tuple[int, ...], expected: Shape) -> bool:
    """Whether a shape is the expected one, where None allows any size."""
    return len(shape) == len(expected) and all(e is None or s == e for s, e in zip(shape, expected, strict=True))


def as_tensor(path: Path, key: str, value: Tensor | np.ndarray) -> Tensor:
    """A tensor of its own, in float32 unless it counts something.

    Raises:
        WorkbookError: a number in it is not finite.
    """
    if isinstance(value, np.ndarray):
        value = torch.from_numpy(np.array(value, dtype=value.dtype.newbyteorder("="), order="C"))
    tensor = value.detach().clone()
    if tensor.is_floating_point():
        tensor = tensor.float().contiguous()
        if not torch.isfinite(tensor).all():
            raise WorkbookError(f"{path}: {key} holds numbers that are not finite; the file is damaged")
    return tensor


def module_shapes(module: torch.nn.Module) -> dict[str, tuple[int, ...]]:
    """The shapes of a module's state; build it under `torch.device("meta")`, where it takes no memory."""
    return {name: tuple(value.shape) for name, value in module.state_dict().items()}
