"""Places that two photos of one scene both show: corners, matched by what the photo looks like around them.

Nothing but NumPy, on small grey photos. Many matches are wrong; what uses them must bear that.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from posenet_lib.scenes.resizing import resized_pixels

_SIDE = 256  # pixels of the smaller side
_CORNERS = 400
_CELL = 6  # pixels; one corner in each
_REACH, _STRIDE = 10, 2  # a patch of 11 x 11 samples, every second pixel
_ALIKE, _UNIQUE = 0.8, 0.06  # least correlation of a match, and least lead over the second best


class Corners(NamedTuple):
    """Corners of one photo."""

    at: np.ndarray  # (K, 2) x and y from the photo's centre, in units of its larger side
    look: np.ndarray  # (K, 121) zero mean, unit length


class Matches(NamedTuple):
    """M places in two photos, each x and y from the photo's centre in units of its larger side."""

    first: np.ndarray  # (M, 2)
    second: np.ndarray  # (M, 2)


def find_corners(path: Path) -> Corners:
    """The clearest corners of a photo.

    Raises:
        WorkbookError: it cannot be read.
    """
    grey = _blurred(resized_pixels(path, _SIDE).mean(axis=2, dtype=np.float32), 1)
    dy, dx = np.gradient(grey)
    xx, yy, xy = (_blurred(part, 2) for part in (dx * dx, dy * dy, dx * dy))
    clear = (xx + yy) / 2 - np.sqrt(((xx - yy) / 2) ** 2 + xy**2)  # the smaller eigenvalue (Shi, Tomasi 1994)
    edge = _REACH + 1
    height, width = ((size - 2 * edge) // _CELL for size in clear.shape)
    cells = clear[edge : edge + height * _CELL, edge : edge + width * _CELL]
    cells = cells.reshape(height, _CELL, width, _CELL).transpose(0, 2, 1, 3).reshape(height * width, _CELL * _CELL)
    best = cells.argmax(axis=1)
    chosen = np.argsort(-cells.max(axis=1))[:_CORNERS]
    row = edge + chosen // width * _CELL + best[chosen] // _CELL
    column = edge + chosen % width * _CELL + best[chosen] % _CELL
    around = np.arange(-_REACH, _REACH + 1, _STRIDE)
    look = grey[row[:, None, None] + around[:, None], column[:, None, None] + around].reshape(len(row), -1)
    look = look - look.mean(axis=1, keepdims=True)
    look /= np.linalg.norm(look, axis=1, keepdims=True).clip(min=1e-3)
    at = np.stack([column + 0.5 - grey.shape[1] / 2, row + 0.5 - grey.shape[0] / 2], axis=1)
    return Corners(at / max(grey.shape), look)


def match(first: Corners, second: Corners) -> Matches:
    """Pairs that are each other's best, clearly."""
    alike = first.look @ second.look.T
    if min(alike.shape) < 2:
        return Matches(np.zeros((0, 2)), np.zeros((0, 2)))
    there = alike.argmax(axis=1)
    mutual = alike.argmax(axis=0)[there] == np.arange(len(there))
    best_two = np.partition(alike, -2, axis=1)[:, -2:]
    good = mutual & (best_two[:, 1] > _ALIKE) & (best_two[:, 1] - best_two[:, 0] > _UNIQUE)
    return Matches(first.at[good], second.at[there[good]])


def _blurred(values: np.ndarray, reach: int) -> np.ndarray:
    """The mean over a square of 2 reach + 1 pixels, float32."""
    height, width = values.shape
    padded = np.pad(values, reach, mode="edge")
    rows = sum(padded[start : start + height] for start in range(2 * reach + 1))
    return sum(rows[:, start : start + width] for start in range(2 * reach + 1)) / np.float32((2 * reach + 1) ** 2)
