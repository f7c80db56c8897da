"""Pillow's bilinear resizing of RGB photos, to the last bit, in a fifth of its time."""

import ctypes
import functools
from typing import NamedTuple

import numpy as np
from PIL import Image

from posenet_lib.cpu_kernels.build import library

_ROWS, _BLOCK = 8, 32  # as in resize.c, or more
_ONE = 1 << 22  # a weight of 1
_MOST_TAPS = 4096  # far below the 16448 whose rounded weights could lift a sum beyond 255


def resized(photo: Image.Image | np.ndarray, size: tuple[int, int]) -> np.ndarray | None:
    """`photo.resize(size, BILINEAR)` as (H, W, 3) uint8, or None where it is left to Pillow.

    Args:
        photo: an RGB image, or (H, W, 3) uint8.
        size: width and height wanted.

    Raises:
        ValueError: the photo is of another kind.
    """
    if library() is None:
        return None
    pixels, (width, height) = _memory(photo), size
    # Since version 13, Pillow begins with the columns where height shrinks by so much more than width, and rounds then.
    if pixels.width != width and pixels.height - height > 2 * max(0, pixels.width - width):
        return None
    x, y = _weights(pixels.width, width), _weights(pixels.height, height)
    if max(x.taps, y.taps) > _MOST_TAPS:
        return None
    result = np.empty((height, width, 3), np.uint8)
    scratch = np.empty(pixels.width * _BLOCK + 2 * (y.taps + _ROWS) * (3 * width + _BLOCK), np.uint8)
    source = pixels.address, pixels.step, pixels.height, pixels.width
    weights = (part for side in (x, y) for part in (side.starts.ctypes.data, side.weights.ctypes.data, side.taps))
    library().resize(*source, result.ctypes.data, height, width, *weights, scratch.ctypes.data)
    return result


class _Side(NamedTuple):
    """How the results along one side are made of their neighbours."""

    starts: np.ndarray  # [results] int32, the first neighbour
    weights: np.ndarray  # [results, taps] int32, of it and of those after it
    taps: int


@functools.lru_cache(maxsize=16)
def _weights(size: int, new_size: int) -> _Side:
    """Weights fall linearly to 0 at the distance of one pixel, of the photo or of the result, whichever is larger.

    Computed in Pillow's order, whose roundings decide on the last bit.
    """
    scale = size / new_size
    reach = max(scale, 1.0)
    centres = (np.arange(new_size) + 0.5) * scale
    first = np.maximum(centres - reach + 0.5, 0).astype(np.int32)
    end = np.minimum(centres + reach + 0.5, size).astype(np.int32)
    taps = int((end - first).max())
    starts = np.minimum(first, np.int32(size - taps))  # all have as many neighbours, some of which weigh nothing
    places = starts[:, None] + np.arange(taps)
    weights = np.maximum(0.0, 1.0 - np.abs((places - centres[:, None] + 0.5) * (1.0 / reach)))
    weights[(places < first[:, None]) | (places >= end[:, None])] = 0.0
    weights /= np.cumsum(weights, axis=1)[:, -1:]  # not `sum`, which adds in another order
    return _Side(starts, (0.5 + weights * _ONE).astype(np.int32), taps)


class _Pixels(NamedTuple):
    """Where a photo's pixels lie in memory, row by row."""

    owner: object  # the memory is there as long as this is
    address: int
    step: int  # bytes from one pixel to the next
    height: int
    width: int


def _memory(photo: Image.Image | np.ndarray) -> _Pixels:
    """Pillow's own, of four bytes a pixel, where it shows it (since 11.2, of photos in one piece).

    `np.asarray` copies a photo, and keeps Python's lock meanwhile.
    """
    if isinstance(photo, Image.Image) and photo.mode == "RGB" and hasattr(photo, "__arrow_c_array__"):
        try:
            _, owner = photo.__arrow_c_array__()
        except ValueError:  # photos above 16 MB come in pieces
            pass
        else:
            array = _ArrowArray.from_address(_pointer_in(owner, b"arrow_array"))
            return _Pixels(owner, array.children[0].contents.buffers[1], 4, photo.height, photo.width)
    pixels = np.ascontiguousarray(photo)
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3:
        raise ValueError(f"a photo is {pixels.dtype} of shape {pixels.shape}; give RGB, (H, W, 3) uint8")
    return _Pixels(pixels, pixels.ctypes.data, 3, *pixels.shape[:2])


class _ArrowArray(ctypes.Structure):
    """Of Arrow's C data interface, https://arrow.apache.org/docs/format/CDataInterface.html: a list of pixels."""


_ArrowArray._fields_ = [
    *((name, ctypes.c_int64) for name in ("length", "null_count", "offset", "n_buffers", "n_children")),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(ctypes.POINTER(_ArrowArray))),
    *((name, ctypes.c_void_p) for name in ("dictionary", "release", "private_data")),
]
_pointer_in = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object, ctypes.c_char_p)(
    ("PyCapsule_GetPointer", ctypes.pythonapi)
)
