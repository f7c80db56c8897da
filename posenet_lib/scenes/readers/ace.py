"""The layout of DSAC*, ACE and their scripts for 7-Scenes, 12-Scenes and Cambridge: train/ and test/ -> poses."""

import argparse
from pathlib import Path

import numpy as np

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.readers.matrix_files import read_matrix
from posenet_lib.scenes.readers.photo_cameras import checked
from posenet_lib.scenes.readers.photo_files import photo_header, photos_in, refuse_photos
from posenet_lib.scenes.readers.read_pose import Camera, ReadPose, Source, camera_matrix, from_camera_to_world
from posenet_lib.scenes.readers.text import all_lines, number_of

HELP = "Turn a scene in ACE's layout (train and test with rgb, poses, calibration) into a scene here."
CONVENTION = (
    "Read as ACE reads it: poses/*.txt are 4x4 matrices, camera to world, camera axes x right, y down, z forward, "
    "metres; calibration/*.txt hold the focal length in pixels (the principal point is then the photo's middle), or a "
    "3x3 matrix. Files of one frame have one name but for .color, .pose, .calibration and the ending. The split is "
    "that of the folders."
)
SOURCE = "folder with train and test"

_PARTS = (".color", ".pose", ".calibration", ".rgb")


def add_options(parser: argparse.ArgumentParser) -> None:
    """None beside those that all formats have."""


def read(options: argparse.Namespace) -> Source:
    """What `posenet scene import ace` reads."""
    refuse_photos(options.photos)
    return read_ace(options.source)


def read_ace(source: Path) -> Source:
    """Both folders, or the scene's own rgb and poses where it has no train and test.

    Raises:
        WorkbookError: a folder is missing, or a frame lacks its pose or has a wrong one.
    """
    if all((source / label).is_dir() for label in ("train", "test")):
        poses = [pose for label in ("train", "test") for pose in _read_folder(source / label, label)]
        return Source(poses, (), "the source's own, of its folders train and test")
    if (source / "rgb").is_dir() and (source / "poses").is_dir():
        return Source(_read_folder(source, ""))
    raise WorkbookError(f"{source}: there are no folders train and test in it, each with rgb and poses")


def _read_folder(folder: Path, label: str) -> list[ReadPose]:
    for part in ("rgb", "poses"):
        if not (folder / part).is_dir():
            raise WorkbookError(f"{folder}: there is no folder {part} in it (rgb, poses and calibration are expected)")
    pose_files, cameras = _by_frame(folder / "poses"), _by_frame(folder / "calibration")
    poses = []
    for photo in photos_in(folder / "rgb"):
        frame = _frame(photo)
        pose_file = pose_files.get(frame, folder / "poses" / f"{frame}.txt")
        camera = _camera(cameras[frame], photo) if frame in cameras else None
        name = f"{label or folder.resolve().name}/{photo.name}"
        matrix = read_matrix(pose_file)
        poses.append(from_camera_to_world(name, photo, matrix, str(pose_file), camera=camera, split=label))
    if not poses:
        raise WorkbookError(f"{folder / 'rgb'}: there is no photo in it")
    return poses


def _by_frame(folder: Path) -> dict[str, Path]:
    return {_frame(path): path for path in sorted(folder.glob("*.txt"))}


def _frame(path: Path) -> str:
    stem = path.name[: -len(path.suffix)] if path.suffix else path.name
    return next((stem[: -len(part)] for part in _PARTS if stem.endswith(part)), stem)


def _camera(path: Path, photo: Path) -> Camera:
    words = "".join(line for _, line in all_lines(path)).split()
    numbers = [number_of(word, str(path), "a number of the camera") for word in words]
    header = photo_header(photo)
    size = header.upright_px if header else None
    if len(numbers) == 9:
        return checked(Camera(np.array(numbers).reshape(3, 3), size), str(path))
    if len(numbers) != 1 or size is None:
        raise WorkbookError(
            f"{path}: has {len(numbers)} numbers; a focal length in pixels, or a 3x3 matrix is expected"
        )
    return checked(Camera(camera_matrix(numbers[0], numbers[0], size[0] / 2, size[1] / 2), size), str(path))
