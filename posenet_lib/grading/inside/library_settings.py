"""Settings of torch and NumPy that hold for a whole process, such as the default number type.

An answer may change them (`torch.set_default_dtype(torch.float64)`), and is right all the same. So the inputs of a
hidden cell are made under the usual settings, and the answer runs under its own.
"""

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np


class _Values(NamedTuple):
    errors: dict[str, str]  # of NumPy: what a division by zero does
    dtype: Any = None
    device: Any = None


def _read() -> _Values:
    torch = sys.modules.get("torch")
    if torch is None:
        return _Values(np.geterr())
    return _Values(np.geterr(), torch.get_default_dtype(), torch.get_default_device())


def _write(values: _Values) -> None:
    np.seterr(**values.errors)
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_grad_enabled(True)  # the hidden cells decide whether there is a gradient, as the visible checks do
        torch.set_default_dtype(values.dtype or torch.float32)
        torch.set_default_device(values.device if values.device != torch.device("cpu") else None)


_USUAL = _Values({"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"})


class LibrarySettings:
    """The answer's own settings, while a hidden cell runs under the usual ones."""

    def __init__(self) -> None:
        self._own = _read()

    @contextlib.contextmanager
    def usual(self) -> Iterator[None]:
        """The usual settings; afterwards the answer's again."""
        _write(_USUAL)
        try:
            yield
        finally:
            _write(self._own)

    def own_in(self, answer: Callable[..., Any]) -> Callable[..., Any]:
        """The answer, called under its own settings."""

        def call(*arguments: Any, **named: Any) -> Any:
            _write(self._own)
            try:
                return answer(*arguments, **named)
            finally:
                self._own = _read()
                _write(_USUAL)

        return call
