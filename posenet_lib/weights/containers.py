"""Weight files of four kinds, told apart by how they begin, read without running what is in them."""

import pickle
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.lib import format as npy
from safetensors import SafetensorError, safe_open
from torch import Tensor

from posenet_lib.core.errors import WorkbookError
from posenet_lib.weights.data_unpickler import read_pickled_data

_LEGACY_PYTORCH = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."  # PyTorch's magic number, pickled
_LONGEST_NPY_HEADER = 1000
_STATE_DICT = "save `model.state_dict()` of that model"


class Container(Enum):
    """What a file is by its first bytes; the value is how a message calls it."""

    SAFETENSORS = "a safetensors file"
    PYTORCH = "a PyTorch file"
    NPY = "a NumPy file"
    PICKLE = "a Python pickle"
    ZIP = "a zip archive"
    GZIP = "a gzip file, which is to be unpacked first"
    WEB_PAGE = "a web page: the download brought a page in place of the file"
    LFS_POINTER = "a Git LFS pointer: the name of a large file, not the file"
    EMPTY = "empty"
    OTHER = "no kind of weight file that is known here"


WEIGHT_CONTAINERS = (Container.SAFETENSORS, Container.PYTORCH, Container.NPY, Container.PICKLE)


def sniff(path: Path) -> Container:
    """Look at a file's first bytes.

    Raises:
        WorkbookError: there is no such file, or it cannot be read.
    """
    try:
        with path.open("rb") as file:
            start = file.read(512)
    except IsADirectoryError:
        raise WorkbookError(f"{path}: a folder, not a file") from None
    except FileNotFoundError:
        raise WorkbookError(f"{path}: no such file") from None
    except OSError as error:
        raise WorkbookError(f"{path}: cannot be read ({error.strerror})") from None
    text = start.lstrip().lower()
    if not start:
        return Container.EMPTY
    if start.startswith(b"\x93NUMPY"):
        return Container.NPY
    if start.startswith(b"PK\x03\x04"):
        return Container.PYTORCH if b"/data.pkl" in start or b"/byteorder" in start else Container.ZIP
    if start.startswith(b"\x1f\x8b"):
        return Container.GZIP
    if start.startswith(_LEGACY_PYTORCH):
        return Container.PYTORCH
    if text.startswith((b"<!doctype html", b"<html", b"<head", b"<?xml")):
        return Container.WEB_PAGE
    if start.startswith(b"version https://git-lfs"):
        return Container.LFS_POINTER
    if start[8:9] == b"{" and int.from_bytes(start[:8], "little") < path.stat().st_size:
        return Container.SAFETENSORS
    # Protocol 2 and later say so; 0 and 1 begin with a name ("c"), a mark, or an empty dictionary or list.
    if start[:1] == b"\x80" or (start[:1] == b"c" and b"\n" in start[:80]) or start[:2] in (b"(d", b"(l", b"}q", b"]q"):
        return Container.PICKLE
    return Container.OTHER


def read_tensors(path: Path) -> dict[str, Tensor | np.ndarray]:
    """All arrays of a weight file by name; a dictionary of dictionaries gives names like `conv1/weights`.

    Raises:
        WorkbookError: the file is no weight file, is damaged, or is refused because it holds more than data.
    """
    container = sniff(path)
    if container is Container.SAFETENSORS:
        return _read_safetensors(path)
    if container is Container.PYTORCH:
        return _read_pytorch(path)
    if container is Container.NPY:
        return _flat(path, _read_npy(path))
    if container is Container.PICKLE:
        return _flat(path, read_pickled_data(path))
    raise WorkbookError(f"{path}: {container.value}; weights come as .pickle, .npy, .pth or .safetensors files")


def _read_safetensors(path: Path) -> dict[str, Tensor]:
    try:
        with safe_open(path, framework="pt") as file:
            return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a dict)
    except (SafetensorError, OSError) as error:
        raise WorkbookError(f"{path}: cannot be read as safetensors ({error}); download it again") from None


def _read_pytorch(path: Path) -> dict[str, Tensor]:
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)  # PyTorch's own restricted unpickler
    except Exception as error:
        if isinstance(error, pickle.UnpicklingError):  # PyTorch's words tell the reader how to load it all the same
            raise WorkbookError(
                f"{path}: refused: it holds more than tensors, which may be a program; {_STATE_DICT}"
            ) from None
        raise WorkbookError(f"{path}: a damaged PyTorch file ({type(error).__name__}); download it again") from None
    if not isinstance(state, dict) or not all(
        isinstance(key, str) and isinstance(value, Tensor) and _is_plain(value) for key, value in state.items()
    ):
        raise WorkbookError(f"{path}: a PyTorch file, but no state dict (tensors by name); {_STATE_DICT}")
    return dict(state)


def _is_plain(value: Tensor) -> bool:
    """Numbers that are there: a tensor may claim more than its file has, by repeating them."""
    if value.layout is not torch.strided or value.is_quantized or value.is_complex() or value.device.type != "cpu":
        return False
    return value.numel() * value.element_size() <= value.untyped_storage().nbytes()


def _read_npy(path: Path) -> Any:
    with path.open("rb") as file:
        try:
            version = npy.read_magic(file)
            read_header = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}[version]
            shape, _, dtype = read_header(file, max_header_size=_LONGEST_NPY_HEADER)  # a literal, never evaluated
        except Exception as error:
            raise WorkbookError(
                f"{path}: its NumPy header is damaged ({type(error).__name__}); download it again"
            ) from None
        offset = file.tell()
    if dtype.kind != "O" or shape != ():
        raise WorkbookError(
            f"{path}: a NumPy array of shape {shape} and type {dtype}; weights are a dictionary, saved by np.save"
        )
    return read_pickled_data(path, offset)


def _flat(path: Path, data: Any) -> dict[str, np.ndarray]:
    """{name: array} or {layer: {name: array}} with bytes or str as keys -> {"layer/name": array}."""
    if not isinstance(data, dict):
        raise WorkbookError(f"{path}: holds a {type(data).__name__}; weights are a dictionary of arrays")
    flat: dict[str, np.ndarray] = {}
    for key, value in data.items():
        inner: Mapping = value if isinstance(value, dict) else {None: value}
        for part, array in inner.items():
            name = _text(key) if part is None else f"{_text(key)}/{_text(part)}"
            if not isinstance(array, np.ndarray):
                raise WorkbookError(f"{path}: {name} is a {type(array).__name__} where an array of numbers is expected")
            if name in flat:
                raise WorkbookError(f"{path}: {name} is in it twice")
            flat[name] = array
    return flat


def _text(key: Any) -> str:
    return key.decode("latin-1") if isinstance(key, bytes) else str(key)[:80]
