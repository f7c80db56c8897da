"""A pose in a file of its own, as 7-Scenes, ACE, 12-Scenes and many scanning apps write it; and a camera in a file."""

import re
from pathlib import Path

import numpy as np

from posenet_lib.core.errors import WorkbookError
from posenet_lib.geometry.intrinsics import read_intrinsics
from posenet_lib.scenes.readers.photo_files import photo_header
from posenet_lib.scenes.readers.read_pose import Camera
from posenet_lib.scenes.readers.text import all_lines

_OFF_CENTRE = 0.2  # of the photo's side: a principal point further from the middle is for another size
_WINDOWS = re.compile(r"[-+]?\d\.#(INF|IND|QNAN|SNAN)\w*", re.IGNORECASE)  # how Windows programs write NaN


def read_matrix(path: Path) -> np.ndarray:
    """(4, 4) from a file of 16 numbers in four rows; NaN and infinity are kept, for they mean a lost frame.

    Raises:
        WorkbookError: the file is missing, or holds something else.
    """
    if not path.is_file():
        raise WorkbookError(f"{path} is missing; every photo needs its pose")
    words = _WINDOWS.sub("nan", "".join(line for _, line in all_lines(path))).replace(",", " ").split()
    try:
        if len(words) != 16:
            raise ValueError(f"has {len(words)} numbers where a 4x4 matrix has 16")
        return np.array(words, dtype=np.float64).reshape(4, 4)
    except ValueError as error:
        raise WorkbookError(f"{path}: {error}") from None


def camera_from_file(path: Path, photo: Path) -> Camera:
    """The camera matrix of a `camera-intrinsics.txt` that is for photos like `photo`.

    Raises:
        WorkbookError: the file is no camera matrix, or one for photos of another size.
    """
    matrix = read_intrinsics(path)
    if header := photo_header(photo):
        size = np.array(header.upright_px)
        if (np.abs(matrix[:2, 2] / size - 0.5) > _OFF_CENTRE).any():
            centre = matrix[:2, 2]
            raise WorkbookError(
                f"{path}: the centre {centre[0]:g}, {centre[1]:g} is that of photos of about "
                f"{2 * centre[0]:.0f}x{2 * centre[1]:.0f}, but {photo.name} is {size[0]}x{size[1]}; write the matrix "
                "in pixels of the photos as they are (all but the last row times the ratio of the sizes)"
            )
    return Camera(matrix)
