"""The map that `posenet scene build` keeps in a scene's folder, and that later photos are registered in."""

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from posenet_lib.core.errors import WorkbookError
from posenet_lib.geometry.intrinsics import read_intrinsics
from posenet_lib.scenes.build.undistort import Pinhole
from posenet_lib.scenes.focal_length import INTRINSICS

MAP = "map"  # folder in the scene's
POINTS = "points.npz"
ABOUT = "about.json"


class MapPoints(NamedTuple):
    """The points of a map, in the scene's frame."""

    xyz: np.ndarray  # (P, 3)
    rgb: np.ndarray  # (P, 3) uint8
    error_px: np.ndarray  # (P,) mean reprojection error
    track: np.ndarray  # (P,) how many photos see each


def map_folder(scene: Path) -> Path:
    """The map of a scene.

    Raises:
        WorkbookError: the scene has none.
    """
    folder = scene / MAP
    if not (folder / POINTS).is_file():
        raise WorkbookError(
            f"{scene} has no {MAP}/{POINTS}: photos can be registered in scenes that `posenet scene build` made"
        )
    return folder


def read_points(scene: Path) -> MapPoints:
    """The points of a scene's map."""
    with np.load(map_folder(scene) / POINTS) as file:
        return MapPoints(file["xyz"], file["rgb"], file["error_px"], file["track"])


def read_about(scene: Path) -> dict:
    """What `posenet scene build` noted about the map."""
    return json.loads((map_folder(scene) / ABOUT).read_text(encoding="utf-8"))


def scene_pinhole(scene: Path, photo: Path) -> Pinhole:
    """The camera that a scene's photos are written for."""
    with Image.open(photo) as opened:
        return Pinhole(read_intrinsics(scene / INTRINSICS), opened.size)
