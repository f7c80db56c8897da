"""A pinhole camera's matrix as a file: three lines of three numbers, in pixels."""

from pathlib import Path

import numpy as np

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.files import write_text


def read_intrinsics(path: str | Path) -> np.ndarray:
    """Camera matrix (3, 3) from a file of three lines with three numbers.

    Raises:
        WorkbookError: the file holds something else; it names the line.
    """
    path = Path(path)
    lines = [line for line in path.read_text(encoding="utf-8-sig", errors="replace").splitlines() if line.strip()]
    try:
        matrix = np.array([[float(word) for word in line.split()] for line in lines])
        if matrix.shape != (3, 3) or not np.isfinite(matrix).all() or matrix[0, 0] <= 0:
            raise ValueError
    except ValueError:
        raise WorkbookError(
            f"{path}: three lines of three numbers are needed, a camera matrix in pixels with the focal length first "
            f"(585 0 320 / 0 585 240 / 0 0 1); the file begins with {lines[0][:60]!r}"
            if lines
            else f"{path}: is empty"
        ) from None
    return matrix


def write_intrinsics(path: Path, matrix: np.ndarray) -> None:
    """The inverse of `read_intrinsics`."""
    write_text(path, "\n".join(" ".join(f"{number:.9g}" for number in row) for row in matrix) + "\n")
