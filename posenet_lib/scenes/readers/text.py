"""Text files of other tools: lines with their numbers, numbers with messages that name the place."""

import codecs
import json
import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from posenet_lib.core.errors import WorkbookError


def lines_of(path: Path, comments: str = "#") -> Iterator[tuple[int, str]]:
    """(line number from 1, stripped line), without empty lines and comments; UTF-8, or UTF-16 with its mark.

    Raises:
        WorkbookError: the file is missing or cannot be read.
    """
    for number, line in all_lines(path):
        if line.strip() and not (comments and line.lstrip().startswith(comments)):
            yield number, line.strip()


def all_lines(path: Path) -> Iterator[tuple[int, str]]:
    """As `lines_of`, with nothing left out."""
    try:
        with path.open("rb") as file:
            start = file.read(2)
        encoding = "utf-16" if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig"
        with path.open(encoding=encoding, errors="replace") as file:
            yield from enumerate(file, start=1)
    except OSError as error:
        raise WorkbookError(f"{path}: cannot be read ({error.strerror})") from None


def number_of(word: str, where: str, what: str) -> float:
    """One number; 'nan' and 'inf' are numbers, which mean that tracking was lost."""
    try:
        return float(word)
    except ValueError:
        raise WorkbookError(f"{where}: {what} is {word[:40]!r}, which is not a number") from None


def numbers_of(words: Sequence[str], where: str, names: str) -> list[float]:
    """As many numbers as `names` has words ('tx ty tz').

    Raises:
        WorkbookError: there are more or fewer, or one is no number.
    """
    expected = names.split()
    if len(words) != len(expected):
        raise WorkbookError(f"{where}: has {len(words)} numbers where {len(expected)} are expected ({names})")
    return [number_of(word, where, name) for word, name in zip(words, expected, strict=True)]


def whole_number(word: str, where: str, what: str) -> int:
    """A whole number from 0 up."""
    if not (word.isascii() and word.isdigit() and len(word) < 20):
        raise WorkbookError(f"{where}: {what} is {word[:40]!r}, and a whole number is expected")
    return int(word)


def read_json(path: Path) -> Any:
    """What a JSON file holds.

    Raises:
        WorkbookError: it is missing, or no JSON; the line is named.
    """
    text = "".join(line for _, line in all_lines(path))
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise WorkbookError(f"{path}, line {error.lineno}: is no JSON ({error.msg})") from None
    except (ValueError, RecursionError):
        raise WorkbookError(f"{path}: is no JSON that can be read (numbers too long, or nested too deeply)") from None


def json_number(holder: dict, key: str, where: str, default: float | None = None) -> float:
    """A finite number under a key; `default` where the key is missing.

    Raises:
        WorkbookError: it is missing without a default, or something else.
    """
    value = holder.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not _finite(value):
        shown = "missing" if key not in holder else repr(value)[:40]
        raise WorkbookError(f"{where}: {key!r} is {shown}, and a finite number is expected")
    return float(value)


def json_matrix(value: Any, shapes: Sequence[tuple[int, ...]], where: str, what: str) -> np.ndarray:
    """An array in one of some shapes; null, NaN and Infinity become NaN (a lost frame).

    Raises:
        WorkbookError: it has another shape, or holds something else.
    """
    try:
        array = np.array(value, dtype=np.float64)
        if array.shape not in shapes:
            raise ValueError
    except (ValueError, TypeError, OverflowError):
        wanted = " or ".join("x".join(map(str, shape)) for shape in shapes)
        raise WorkbookError(f"{where}: {what!r} is {repr(value)[:60]}, and {wanted} numbers are expected") from None
    return array


def natural_order(name: str) -> list[tuple[int, int, str]]:
    """Sort key in which 'frame10' comes after 'frame9'."""
    parts = re.findall(r"\d{1,18}|\D+", name)
    return [(0, int(part), "") if part.isascii() and part.isdigit() else (1, 0, part) for part in parts]


def _finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        return False
