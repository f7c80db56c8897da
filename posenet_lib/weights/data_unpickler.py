"""Read pickles of NumPy arrays without running anything: a pickle is a program, and most programs are refused here.

Python's own machine is kept, with three changes. Its instructions are those that build data, no others. The names that
a pickle may use are those of `pickled_arrays`. And steps are counted, so that a small file cannot take much time.

What is admitted: dict, OrderedDict, list, tuple, bytes, str, numbers, and arrays of numbers.
"""

import mmap
import pickle
import pickletools
from collections.abc import Callable
from pathlib import Path
from typing import Any

from posenet_lib.core.errors import WorkbookError
from posenet_lib.weights.pickled_arrays import NAMES, PickledArray, PickledDtype, RefusedError, make_dict, put

_MOST_BYTES = 2**30  # the real files have 125 and 50 million
_MOST_STEPS = 200_000  # the real files need a few thousand

# fmt: off
_INSTRUCTIONS = (
    "PROTO", "FRAME", "STOP", "MARK", "POP", "POP_MARK", "DUP",
    "NONE", "NEWTRUE", "NEWFALSE", "INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT",
    "STRING", "BINSTRING", "SHORT_BINSTRING", "UNICODE", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8",
    "BINBYTES", "SHORT_BINBYTES", "BINBYTES8",
    "TUPLE", "EMPTY_TUPLE", "TUPLE1", "TUPLE2", "TUPLE3", "EMPTY_LIST", "LIST", "APPEND", "APPENDS",
    "EMPTY_DICT", "DICT", "SETITEM", "SETITEMS",
    "GET", "BINGET", "LONG_BINGET", "PUT", "BINPUT", "LONG_BINPUT", "MEMOIZE",
    "GLOBAL", "STACK_GLOBAL", "REDUCE", "BUILD",
)
# fmt: on


# How the machine, and the checks in `pickled_arrays`, fail on input that is not what it should be.
_DAMAGED = (
    pickle.UnpicklingError, EOFError, ValueError, TypeError, IndexError, AttributeError, OverflowError, MemoryError,
)  # fmt: skip


class _DataUnpickler(pickle._Unpickler):
    """The machine as Python's library has it in Python, whose instruction table can be replaced; pandas does so too."""

    def __init__(self, file: Any):
        super().__init__(file, encoding="bytes")
        self.steps = 0

    def find_class(self, module: str, name: str) -> Any:
        """The few names that data needs."""
        if (module, name) not in NAMES:
            raise RefusedError(f"{module}.{name}"[:80])
        return NAMES[module, name]

    def _reduce(self) -> None:
        arguments = self.stack.pop()
        self.stack[-1] = self.stack[-1](*arguments)  # all that can be called here is in NAMES

    def _build(self) -> None:
        state = self.stack.pop()
        if not isinstance(self.stack[-1], PickledArray | PickledDtype):
            raise RefusedError("an object with a state of its own")
        self.stack[-1].set_state(state)

    def _set_item(self) -> None:
        value, key = self.stack.pop(), self.stack.pop()
        put(self.stack[-1], key, value)

    def _set_items(self) -> None:
        items = self.pop_mark()
        for key, value in zip(items[::2], items[1::2], strict=True):
            put(self.stack[-1], key, value)

    def _dict(self) -> None:
        items = self.pop_mark()
        self.append(make_dict(zip(items[::2], items[1::2], strict=True)))


def _counted(instruction: Callable[[_DataUnpickler], None]) -> Callable[[_DataUnpickler], None]:
    def step(machine: _DataUnpickler) -> None:
        machine.steps += 1
        if machine.steps > _MOST_STEPS:
            raise RefusedError(f"more than {_MOST_STEPS:,} steps")
        instruction(machine)

    return step


_OWN = {
    "REDUCE": _DataUnpickler._reduce,
    "BUILD": _DataUnpickler._build,
    "SETITEM": _DataUnpickler._set_item,
    "SETITEMS": _DataUnpickler._set_items,
    "DICT": _DataUnpickler._dict,
}
_CODES = {name: getattr(pickle, name)[0] for name in _INSTRUCTIONS}
_DataUnpickler.dispatch = {
    code: _counted(_OWN.get(name) or pickle._Unpickler.dispatch[code]) for name, code in _CODES.items()
}


def read_pickled_data(path: str | Path, offset: int = 0) -> Any:
    """What a pickle holds: nested dict, list, tuple, bytes, str, numbers and arrays. Texts of Python 2 come as bytes.

    Args:
        path: the file.
        offset: where in it the pickle begins.

    Raises:
        WorkbookError: the file is missing or damaged, or holds (or does) something else than data.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            if path.stat().st_size > _MOST_BYTES:
                raise RefusedError(f"{path.stat().st_size:,} bytes of memory, more than {_MOST_BYTES:,}")
            # Mapped, a file gives at most what it has, whatever length an instruction claims.
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
                mapped.seek(offset)
                return _unwrap(_DataUnpickler(mapped).load())
    except RefusedError as error:
        raise WorkbookError(
            f"{path}: refused, because it asks for {error}. A weight file needs dictionaries and arrays of numbers; "
            "anything else in a pickle may be a program. Download it again from the place that its README names"
        ) from None
    except OSError as error:
        raise WorkbookError(f"{path}: cannot be read ({error.strerror})") from None
    except KeyError as error:
        known = pickletools.code2op.get(chr(error.args[0])) if isinstance(error.args[0], int) else None
        raise WorkbookError(
            f"{path}: refused: {known.name if known else 'an unknown number'} is no pickle instruction that data needs"
        ) from None
    except _DAMAGED as error:
        raise WorkbookError(
            f"{path}: damaged or no pickle of arrays ({type(error).__name__}); download it again"
        ) from None


def _unwrap(thing: Any, depth: int = 0) -> Any:
    """Put the arrays in place of their stand-ins, as deep as weight files nest: a dictionary of dictionaries."""
    if isinstance(thing, PickledArray):
        return _unwrap(thing.value, depth) if depth == 0 and isinstance(thing.value, dict) else thing.value
    if isinstance(thing, dict) and depth < 2:
        return {key: _unwrap(value, depth + 1) for key, value in thing.items()}
    return thing
