"""The pinhole camera of photos that were resized: its matrix together with the size that the matrix is for.

Pixel (column, row) has its centre at (column + 0.5, row + 0.5), so the photo reaches from 0 to its width and from 0 to
its height. That is what `grid_sample` calls `align_corners=False`.
"""

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from posenet_lib.core.errors import WorkbookError
from posenet_lib.geometry.intrinsics import read_intrinsics
from posenet_lib.scenes.focal_length import INTRINSICS
from posenet_lib.scenes.photos import open_photo
from posenet_lib.scenes.scene import Scene

_OFF_CENTRE = 0.02  # of the width: further off, a photo in a mirror is another camera's


class Camera(NamedTuple):
    """A camera matrix, and the size of the photos that it belongs to. Smaller photos need another matrix."""

    matrix: Tensor  # [3, 3] in pixels of photos of this size
    width: int
    height: int

    @property
    def width_per_depth(self) -> float:
        """Focal length in widths of the photo: a shift of 1 m at a depth of 1 m moves a pixel by so many widths."""
        return float(self.matrix[0, 0]) / self.width

    @property
    def mirrors(self) -> bool:
        """Whether a photo in a mirror might be this camera's: its axis goes through the middle."""
        return abs(float(self.matrix[0, 2]) / self.width - 0.5) < _OFF_CENTRE


def scene_camera(scene: Scene) -> Camera:
    """The camera of a scene's photos as they are on disk.

    Raises:
        WorkbookError: the scene has no `camera-intrinsics.txt`.
    """
    path = scene.folder / INTRINSICS
    if not path.is_file():
        raise WorkbookError(
            f"{path} is missing: depth and motion need the camera's matrix, three lines of three numbers in pixels of "
            "the photos as they are on disk (585 0 320 / 0 585 240 / 0 0 1)"
        )
    width, height = open_photo(scene.train.records[0].image_path).size
    return Camera(torch.from_numpy(read_intrinsics(path).astype(np.float32)), width, height)


def pixel_centres(width: int, height: int) -> Tensor:
    """Where the pixels are: [3, H, W] with the column's and the row's centre in pixels, and 1."""
    rows, columns = torch.meshgrid(torch.arange(height) + 0.5, torch.arange(width) + 0.5, indexing="ij")
    return torch.stack([columns, rows, torch.ones_like(rows)])
