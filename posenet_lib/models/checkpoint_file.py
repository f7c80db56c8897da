"""The file of a checkpoint, whatever networks it is of: one safetensors file whose metadata is JSON, found and read."""

import json
from pathlib import Path
from typing import Any, NamedTuple

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.files import replacing

BEST, LAST = "best.safetensors", "last.safetensors"
POSENET, EGOMOTION = "posenet-workbook 1", "posenet-workbook egomotion 1"  # formats
_MADE_BY = {POSENET: "posenet train", EGOMOTION: "posenet egomotion train"}


class OtherNetworksError(WorkbookError):
    """A checkpoint of this workbook, but of other networks than those that were asked for."""


def checkpoint_file(path: str | Path, which: str, command: str) -> Path:
    """The file meant by a run's folder or a file.

    Args:
        which: the file wanted from a run's folder.
        command: what makes such a run.

    Raises:
        WorkbookError: there is none.
    """
    path = Path(path)
    if path.is_dir():
        if not (path / which).is_file():
            raise WorkbookError(f"{path} holds no checkpoint ({which}); train into it first: {command} --out {path}")
        path = path / which
    if not path.is_file():
        raise WorkbookError(f"{path}: no such checkpoint; give a run's folder or its {BEST} ({command} makes one)")
    return path


def write_file(path: Path, file_format: str, tensors: dict[str, torch.Tensor], details: dict[str, Any]) -> None:
    """Write all of it or nothing; `details` become JSON.

    Raises:
        WorkbookError: there is no space for it, or no right to write it.
    """
    tensors = {name: value.detach().cpu().contiguous() for name, value in tensors.items()}
    try:
        with replacing(path) as temporary:
            save_file(tensors, temporary, metadata={"format": file_format, "details": json.dumps(details)})
    except SafetensorError as error:
        megabytes = sum(value.nbytes for value in tensors.values()) / 1e6
        raise WorkbookError(
            f"{path}: cannot be written ({error}); it takes {megabytes:.0f} MB, and what was saved before stays"
        ) from error


class FileContent(NamedTuple):
    """What `write_file` wrote."""

    file_format: str | None  # None: some other program's file
    tensors: dict[str, torch.Tensor]
    details: dict[str, Any]


def read_file(path: Path) -> FileContent:
    """The inverse of `write_file`.

    Raises:
        WorkbookError: the file is damaged or something else.
    """
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a dict)
    except (SafetensorError, OSError) as error:
        raise WorkbookError(f"{path}: cannot be read as a checkpoint ({error})") from error
    return FileContent(metadata.get("format"), tensors, json.loads(metadata.get("details", "{}")))


def read_format(path: Path, wanted: str) -> FileContent:
    """As `read_file`, of one format.

    Raises:
        OtherNetworksError: it holds other networks of this workbook.
        WorkbookError: the file is damaged or something else.
    """
    content = read_file(path)
    if content.file_format in set(_MADE_BY) - {wanted}:
        raise OtherNetworksError(
            f"{path}: a checkpoint of {_MADE_BY[content.file_format]}; give one of {_MADE_BY[wanted]} here"
        )
    if content.file_format != wanted:
        raise WorkbookError(
            f"{path}: a safetensors file, but not this workbook's (format {content.file_format!r}); "
            f"{_MADE_BY[wanted]} makes such a file"
        )
    return content


def joined(parts: dict[str, dict[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """Tensors of several parts, named `part.name`."""
    return {f"{part}.{name}": value for part, tensors in parts.items() for name, value in tensors.items()}


def part(tensors: dict[str, torch.Tensor], name: str) -> dict[str, torch.Tensor]:
    """One part of what `joined` made."""
    prefix = f"{name}."
    return {key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)}
