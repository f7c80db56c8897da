"""What every settings dataclass in `config` is made of: fields with help and choices, and checks of values."""

import dataclasses
from collections.abc import Iterable
from dataclasses import field
from typing import Any, get_args, get_type_hints

from posenet_lib.core.errors import WorkbookError


def option(default: Any, help: str, choices: tuple[str | int, ...] | None = None) -> Any:
    """A field whose help text serves the reader of this file and of `--help` alike."""
    return field(default=default, metadata={"help": help, "choices": choices})


SEEDS = 2**32  # NumPy's older generator takes so many


# What people look for, and why it is not there.
_NOT_OFFERED = {
    "flip": "flip: a photo flipped left to right shows a place that does not exist (its signs read backwards, and what "
    "was on the left is on the right), and no camera pose takes it: there is no right label. Use --roll, "
    "--colour-jitter or --erase",
}


def refuse(unknown: Iterable[str]) -> None:
    """Raises WorkbookError with the reason if one of these unknown settings is left out on purpose."""
    for name in unknown:
        if reason := _NOT_OFFERED.get(name.lstrip("-").replace("-", "_")):
            raise WorkbookError(reason)


def checked_values(settings: type, values: dict[str, Any]) -> dict[str, Any]:
    """Values from a file, ready for the settings dataclass `settings`.

    Raises:
        WorkbookError: a key is unknown, or a value of the wrong kind.
    """
    kinds = get_type_hints(settings)
    if unknown := sorted(set(values) - set(kinds)):
        refuse(unknown)
        raise WorkbookError(f"unknown settings {unknown}; known are {sorted(kinds)}")
    return {name: _checked(name, value, kinds[name]) for name, value in values.items()}


def _checked(name: str, value: Any, kind: Any) -> Any:
    kinds = get_args(kind) or (kind,)
    if type(value) in kinds:
        return value
    if float in kinds and type(value) is int:
        return float(value)
    words = {bool: "true or false", int: "a whole number", float: "a number", str: "text in quotes"}
    wanted = " or ".join(words[one] for one in kinds if one in words)
    raise WorkbookError(f"{name} is {value!r}; it must be {wanted}")


def check_seed(seed: int) -> None:
    """Raises WorkbookError unless NumPy's and PyTorch's generators all take this seed."""
    if not 0 <= seed < SEEDS:
        raise WorkbookError(f"seed is {seed}; it must be from 0 to {SEEDS - 1}")


def check_choices(settings: Any) -> None:
    """Raises WorkbookError unless every field that has choices is one of them."""
    for item in dataclasses.fields(settings):
        choices, value = item.metadata["choices"], getattr(settings, item.name)
        if choices and value not in choices and not (value is None and item.default is None):
            raise WorkbookError(f"{item.name} is {value!r}; choose one of {', '.join(map(str, choices))}")
