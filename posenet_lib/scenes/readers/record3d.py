"""Record3D's export (EXR + RGBD: metadata and rgb) -> poses. What was turned into transforms.json: `readers.nerf`."""

import argparse
from pathlib import Path

import numpy as np

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.readers.photo_cameras import checked
from posenet_lib.scenes.readers.photo_files import photos_in
from posenet_lib.scenes.readers.read_pose import OPENGL, Camera, Source, from_camera_to_world, matrix_of
from posenet_lib.scenes.readers.text import json_matrix, json_number, natural_order, read_json

HELP = "Turn a Record3D export (metadata and rgb) into a scene here."
CONVENTION = (
    "Read as Record3D writes it: poses of 7 numbers qx, qy, qz, qw, px, py, pz, camera to world, the quaternion's w "
    "last, camera axes OpenGL (x right, y up, z backward), y up, metres; K is the camera matrix column by column, for "
    "photos of w x h. Photo i in the order of the numbers has pose i."
)
SOURCE = "the export's folder, with metadata (or metadata.json) and rgb in it"


def add_options(parser: argparse.ArgumentParser) -> None:
    """None beside those that all formats have."""


def read(options: argparse.Namespace) -> Source:
    """What `posenet scene import record3d` reads."""
    return read_record3d(options.source, options.photos)


def read_record3d(source: Path, photos: Path | None = None) -> Source:
    """All frames.

    Raises:
        WorkbookError: the metadata are missing or wrong, or photos and poses are not equally many.
    """
    path = next((source / name for name in ("metadata", "metadata.json") if (source / name).is_file()), None)
    folder = photos or source / "rgb"
    if path is None or not folder.is_dir():
        raise WorkbookError(f"{source}: a file metadata (or metadata.json) and a folder rgb are needed in it")
    values = read_json(path)
    if not isinstance(values, dict) or not isinstance(values.get("poses"), list):
        raise WorkbookError(f"{path}: holds no 'poses' list; Record3D's metadata are needed")
    matrix = json_matrix(values.get("K"), ((9,),), str(path), "K").reshape(3, 3).T.copy()
    matrix[:2, 2] += 0.5  # ARKit's (0, 0) is the first pixel's centre
    size = (int(json_number(values, "w", str(path))), int(json_number(values, "h", str(path))))
    camera = checked(Camera(matrix, size), str(path))
    by_stem: dict[str, Path] = {}
    for photo in photos_in(folder):
        by_stem.setdefault(photo.stem, photo)
    files = [by_stem[stem] for stem in sorted(by_stem, key=natural_order)]
    if len(files) != len(values["poses"]):
        raise WorkbookError(f"{path}: has {len(values['poses'])} poses, but {folder} has {len(files)} photos")
    poses = []
    for index, (numbers, photo) in enumerate(zip(values["poses"], files, strict=True)):
        where = f"{path}, pose {index}"
        qx, qy, qz, qw, *position = json_matrix(numbers, ((7,),), where, "a pose").tolist()
        to_world = matrix_of((qw, qx, qy, qz), position, where)
        to_world[:3, :3] = to_world[:3, :3] @ OPENGL if np.isfinite(to_world).all() else to_world[:3, :3]
        name = f"{folder.resolve().name}/{photo.name}"
        poses.append(from_camera_to_world(name, photo, to_world, where, camera=camera))
    return Source(poses)
