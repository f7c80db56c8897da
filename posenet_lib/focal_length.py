"""The camera's focal length, where a scene knows it: it says how far a pixel beside the centre looks to the side.

A scene may hold `camera-intrinsics.txt`, a 3x3 camera matrix in pixels of the photos as they are on disk (7-Scenes is
used with such a file), or a `reconstruction.nvm`, as the Cambridge Landmarks scenes do.
"""

from pathlib import Path

import numpy as np
from PIL import Image

from posenet_lib.errors import WorkbookError
from posenet_lib.files import write_text
from posenet_lib.nvm_file import read_focal_px
from posenet_lib.photos import SMALLER_SIDE
from posenet_lib.scenes import Scene

INTRINSICS = "camera-intrinsics.txt"
RECONSTRUCTION = "reconstruction.nvm"


def resized_focal_px(scene: Scene) -> float | None:
    """Focal length in pixels of a resized photo, whose smaller side is 256; None if the scene does not say.

    Raises:
        WorkbookError: the scene's file is damaged.
    """
    if (scene.folder / INTRINSICS).is_file():
        focal_px = read_intrinsics(scene.folder / INTRINSICS)[0, 0]
    elif (scene.folder / RECONSTRUCTION).is_file():
        focal_px = read_focal_px(scene.folder / RECONSTRUCTION)
    else:
        return None
    with Image.open(scene.train.records[0].image_path) as photo:
        return float(focal_px) * SMALLER_SIDE / min(photo.size)


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
