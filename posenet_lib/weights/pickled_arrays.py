"""What the names in a pickle of arrays stand for: functions of this module, which check before they make anything.

NumPy itself is never called with what a file says. Where its own `_reconstruct` would allocate whatever shape it is
told, these compare the shape with the bytes that are there.
"""

import math
from typing import Any

import numpy as np

_MOST_ENTRIES = 1_000  # in one dictionary; the real files have 128 and 68
_MOST_DIMENSIONS = 8
_NUMBERS = ("f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1")  # no texts, times or records
_OBJECT = ("O", "O4", "O8")


class RefusedError(Exception):
    """What a file asks for that data does not need."""


class PickledDtype:
    """Stands in for `numpy.dtype` while a pickle is read."""

    def __init__(self, spec: Any, *_: Any):
        spec = spec.decode("ascii") if isinstance(spec, bytes) else spec
        if not isinstance(spec, str) or spec not in _NUMBERS + _OBJECT:
            raise RefusedError("an array of something else than numbers")
        self.holds_object = spec in _OBJECT
        self._spec = spec
        self._order = "="

    def set_state(self, state: Any) -> None:
        """The second half of a pickled dtype: (version, byte order, and six fields that only records use)."""
        order = state[1].decode("ascii") if isinstance(state[1], bytes) else state[1]
        if order not in ("<", ">", "|", "=") or any(part is not None for part in state[2:5]):
            raise RefusedError("an array of records")
        self._order = order

    def as_numpy(self) -> np.dtype:
        """The real one."""
        return np.dtype(self._spec).newbyteorder(self._order)


class PickledArray:
    """Stands in for `numpy.ndarray` while a pickle is read; `value` is the array in the end."""

    value: Any = None

    def set_state(self, state: Any) -> None:
        """(version, shape, dtype, Fortran order, bytes); checked before anything is allocated."""
        _, shape, dtype, fortran, data = state
        if not isinstance(dtype, PickledDtype) or not isinstance(shape, tuple) or len(shape) > _MOST_DIMENSIONS:
            raise RefusedError("an array without a usable shape or type")
        if not all(type(size) is int and size >= 0 for size in shape):
            raise RefusedError("an array whose shape is no row of sizes")
        if dtype.holds_object:  # how np.save wraps a dictionary: no dimensions, one object
            if shape or type(data) is not list or len(data) != 1:
                raise RefusedError("an array of objects")
            self.value = data[0]
            return
        real = dtype.as_numpy()
        if type(data) is not bytes or math.prod(shape) * real.itemsize != len(data):
            raise RefusedError("an array of another size than its bytes have")
        self.value = np.frombuffer(data, real).reshape(shape, order="F" if fortran else "C")


NDARRAY = object()  # what the name `numpy.ndarray` stands for; it can be handed on, and not called


def put(target: Any, key: Any, value: Any) -> None:
    """One entry of a dictionary."""
    # Nested tuples as keys could take for ever to hash.
    if type(target) is not dict or type(key) not in (str, bytes, int):
        raise RefusedError("a dictionary whose keys are no texts")
    if len(target) >= _MOST_ENTRIES:
        raise RefusedError(f"a dictionary of more than {_MOST_ENTRIES:,} entries")
    target[key] = value


def make_dict(pairs: Any = ()) -> dict:
    """`collections.OrderedDict`, and every other dictionary."""
    made: dict = {}
    for key, value in pairs:
        put(made, key, value)
    return made


def _reconstruct(kind: Any, shape: Any, typecode: Any) -> PickledArray:
    if kind is not NDARRAY or shape != (0,):
        raise RefusedError("an array made in an unusual way")
    return PickledArray()


def _scalar(dtype: Any, data: Any) -> PickledArray:
    array = PickledArray()
    array.set_state((1, (), dtype, False, data))
    return array


def _encode(text: Any, encoding: Any) -> bytes:
    if not isinstance(text, str) or encoding not in ("latin1", b"latin1"):
        raise RefusedError("a text that is encoded in an unusual way")
    return text.encode("latin-1")


NAMES = {
    ("collections", "OrderedDict"): make_dict,
    ("_codecs", "encode"): _encode,  # how Python 3 writes bytes for Python 2
    ("numpy", "dtype"): PickledDtype,
    ("numpy", "ndarray"): NDARRAY,
    **{(f"numpy.{core}.multiarray", "_reconstruct"): _reconstruct for core in ("core", "_core")},
    **{(f"numpy.{core}.multiarray", "scalar"): _scalar for core in ("core", "_core")},
}
