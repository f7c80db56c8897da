"""The camera's matrix against the photos: of another photo size, normalised, in millimetres, transposed."""

import re
from collections import Counter

import numpy as np

from posenet_lib.core.errors import WorkbookError
from posenet_lib.geometry.intrinsics import read_intrinsics
from posenet_lib.scenes.check.facts import SceneFacts
from posenet_lib.scenes.check.finding import Finding
from posenet_lib.scenes.check.two_views import CornerFinder
from posenet_lib.scenes.focal_length import INTRINSICS

_OFF_CENTRE = 0.15  # of the photo's side: so far may a principal point be from the middle
_FOCALS = (0.35, 5.0)  # of the photo's larger side: from a very wide lens to a long one
_NO_CAMERA = "the workbook does not know how poses turn with the crops of a photo"
_WHY = "poses turn with the crops by this focal length, so that every orientation would be learned a little wrong"


def check(facts: SceneFacts, corners: CornerFinder) -> list[Finding]:
    """Findings."""
    path = facts.folder / INTRINSICS
    if not path.is_file():
        return []
    try:
        matrix = read_intrinsics(path)
    except WorkbookError as error:
        words = str(error).removeprefix(f"{path}: ")
        remedy = _on_three_lines(path) or _by_hand(usual_size(facts))
        return [Finding(f"{INTRINSICS} cannot be read: {words}", 1, str(path), "without it, " + _NO_CAMERA, remedy)]
    size = usual_size(facts)
    found = what_is_wrong(matrix, size)
    if not found:
        return []
    words, repairable = found
    remedy = facts.convert("intrinsics") if repairable and size else _by_hand(size)
    return [Finding(f"{INTRINSICS} {words}", 1, f"{path}, line 1", _WHY, remedy)]


def usual_size(facts: SceneFacts) -> tuple[int, int] | None:
    """Width and height of most photos; None if there are none."""
    sizes = Counter(header.upright_px for header in facts.headers.values())
    return sizes.most_common(1)[0][0] if sizes else None


def what_is_wrong(matrix: np.ndarray, size: tuple[int, int] | None) -> tuple[str, bool] | None:
    """In words, and whether it can be repaired by the photos' size alone; None for a matrix that fits.

    Args:
        size: width and height of the photos; None if there are none.
    """
    if _transposed(matrix):
        return "is transposed: its principal point stands in the last row, not in the last column", True
    fx, fy, cx, cy = matrix[0, 0], matrix[1, 1], matrix[0, 2], matrix[1, 2]
    if abs(matrix[2, 2] - 1) > 1e-3 or np.abs(matrix[2, :2]).max() > 1e-3:
        return f"is no camera matrix: its last row is {matrix[2].tolist()}, and 0 0 1 is expected", False
    if fy <= 0 or not 0.7 < fx / fy < 1.4:
        normalised = fx < 10 and cx < 1.5 and cy < 1.5 and fy > 0
        if not normalised:
            return f"has the focal lengths {fx:g} and {fy:g}, which must be nearly equal", False
    if fx < 10 and 0.1 < cx <= 1.5 and 0.1 < cy <= 1.5:
        return f"is normalised (focal length {fx:g}), not in pixels", True
    if size is None:
        return None
    width, height = size
    if fx < _FOCALS[0] * max(size) and max(fx, cx, cy) < 60 and not (cx and cy):
        return f"looks written in millimetres (focal length {fx:g}), not in pixels", False
    if abs(cx - width / 2) > _OFF_CENTRE * width or abs(cy - height / 2) > _OFF_CENTRE * height:
        return _another_size(cx, cy, size, in_millimetres=max(2 * cx, 2 * cy) < 60)
    if not _FOCALS[0] * max(size) < fx < _FOCALS[1] * max(size):
        return f"has the focal length {fx:g}, which {width}x{height} photos do not have", False
    return None


def repaired(matrix: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """The matrix for photos of that size, where `what_is_wrong` says that it can be made; else as it is."""
    found = what_is_wrong(matrix, size)
    if not found or not found[1]:
        return matrix
    width, height = size
    if _transposed(matrix):
        matrix = matrix.T
        return repaired(matrix, size)
    fx, fy, cx, cy = matrix[0, 0], matrix[1, 1], matrix[0, 2], matrix[1, 2]
    if fx < 10 and cx <= 1.5 and cy <= 1.5:
        # Each by its own side, or all by the larger one; the focal lengths of square pixels tell.
        square = abs(fx * width / (fy * height) - 1) < abs(fx / fy - 1)
        across, down = (width, height) if square else (max(size), max(size))
        out = np.diag([fx * across, fy * down, 1.0])
        out[:2, 2] = (cx * width, cy * height) if square or 0.4 < cy < 0.6 else (cx * across, cy * down)
        return out
    scale = width / (2 * cx)
    out = np.diag([fx * scale, fy * scale, 1.0])
    out[:2, 2] = cx * scale, cy * scale
    return out


def _another_size(cx: float, cy: float, size: tuple[int, int], *, in_millimetres: bool) -> tuple[str, bool]:
    width, height = size
    same_shape = bool(cx > 0 and cy > 0 and abs((cx / cy) / (width / height) - 1) < 0.12)
    if in_millimetres:
        words = f"looks written in millimetres (principal point {cx:g}, {cy:g}), not in pixels"
        return words, same_shape
    turned = bool(cx > 0 and cy > 0 and abs((cy / cx) / (width / height) - 1) < 0.12)
    words = (
        f"is of another photo size: its principal point ({cx:g}, {cy:g}) is the middle of {2 * cx:.0f}x{2 * cy:.0f}, "
        f"and the photos are {width}x{height}"
    )
    return words + (" (the photos are turned by a quarter?)" if turned and not same_shape else ""), same_shape


def _transposed(matrix: np.ndarray) -> bool:
    last_row, last_column = np.abs(matrix[2, :2]), np.abs(matrix[:2, 2])
    return bool(last_row.max() > 1e-3 and last_column.max() < 1e-3)


def _on_three_lines(path) -> str:
    """The nine numbers of a matrix, or fx fy cx cy, where the file holds them in another form."""
    text = path.read_text(encoding="utf-8-sig", errors="replace")[:2000]
    numbers = re.findall(r"(?<![\w.])[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w.])", text)
    if len(numbers) == 4:
        fx, fy, cx, cy = numbers
        numbers = [fx, "0", cx, "0", fy, cy, "0", "0", "1"]
    if len(numbers) != 9 or [float(number) for number in numbers[6:]] != [0, 0, 1]:
        return ""
    lines = [" ".join(numbers[first : first + 3]) for first in (0, 3, 6)]
    return f"if these are its numbers, write them on three lines: {' / '.join(lines)} (each / begins a new line)"


def _by_hand(size: tuple[int, int] | None) -> str:
    across, down = size or (1920, 1080)
    return (
        f"write the matrix of {across}x{down} photos in pixels, or take {INTRINSICS} away: F 0 {across / 2:g} / "
        f"0 F {down / 2:g} / 0 0 1 on three lines (each / begins a new line), with F the focal length "
        f"(about {0.8 * max(across, down):.0f})"
    )
