"""KITTI's odometry benchmark -> poses. Source: the benchmark's development kit."""

import argparse
from pathlib import Path

import numpy as np

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.readers.photo_cameras import checked
from posenet_lib.scenes.readers.photo_files import photo_header, photos_in
from posenet_lib.scenes.readers.read_pose import Camera, Source, camera_matrix, from_camera_to_world
from posenet_lib.scenes.readers.text import lines_of, numbers_of, whole_number

HELP = "Turn a sequence of KITTI odometry into a scene here."
CONVENTION = (
    "Read as the benchmark defines it: 12 numbers a line, a 3x4 matrix row by row, camera 0 to world, camera axes x "
    "right, y down, z forward, metres; line i is photo i. The projection matrices P0 to P3 of calib.txt give the "
    "camera, and the centres of cameras 1 to 3."
)
SOURCE = "the sequence's folder (sequences/00) with image_2 or image_0 in it"

_FOLDERS = ("image_2", "image_0", "image_3", "image_1")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Beside those that all formats have."""
    parser.add_argument(
        "--poses", type=Path, metavar="FILE", help="poses (default: poses.txt in SRC, else ../../poses/NN.txt)"
    )
    parser.add_argument(
        "--camera",
        choices=_FOLDERS,
        help="which camera's photos (default: the name of --photos, else the first that is there)",
    )


def read(options: argparse.Namespace) -> Source:
    """What `posenet scene import kitti` reads."""
    return read_kitti(options.source, options.photos, options.poses, options.camera)


def read_kitti(
    source: Path, photos: Path | None = None, poses_file: Path | None = None, camera: str | None = None
) -> Source:
    """One camera's photos.

    Raises:
        WorkbookError: poses or photos are missing or wrong, or they are not equally many.
    """
    folder = photos or next(
        (source / name for name in ([camera] if camera else _FOLDERS) if (source / name).is_dir()), None
    )
    if folder is None:
        raise WorkbookError(f"{source}: there is no {camera or 'image_2 or image_0'} folder of photos in it")
    choices = [source / "poses.txt", source.resolve().parent.parent / "poses" / f"{source.resolve().name}.txt"]
    path = poses_file or next((choice for choice in choices if choice.is_file()), choices[-1])
    by_number: dict[int, Path] = {}
    for photo in photos_in(folder):
        by_number.setdefault(whole_number(photo.stem, str(photo), "the photo's name"), photo)
    lines = list(lines_of(path))
    if len(lines) != len(by_number):
        raise WorkbookError(
            f"{path}: has {len(lines)} poses, but {folder} has {len(by_number)} photos; each line is one photo's pose"
        )
    named = camera or (folder.name if folder.name in _FOLDERS else None)
    lens, offset_m = _calibration(source / "calib.txt", named, folder, next(iter(by_number.values()), None))
    in_camera_0 = np.eye(4)
    in_camera_0[:3, 3] = offset_m
    poses = []
    for (number, line), (index, photo) in zip(lines, sorted(by_number.items()), strict=True):
        where = f"{path}, line {number}"
        matrix = np.array(numbers_of(line.split(), where, "m " * 12)).reshape(3, 4)
        if np.isfinite(matrix).all():
            matrix = matrix @ in_camera_0
        name = f"{folder.name}/{photo.name}"
        poses.append(from_camera_to_world(name, photo, matrix, where, camera=lens, number=index))
    return Source(poses)


def _calibration(path: Path, camera: str | None, folder: Path, photo: Path | None) -> tuple[Camera | None, np.ndarray]:
    """The camera, and its centre (3,) in camera 0: P = K [I | -centre], cameras being rectified."""
    if not path.is_file():
        return None, np.zeros(3)
    if camera is None:
        raise WorkbookError(f"--photos {folder}: its name is none of {', '.join(_FOLDERS)}; --camera says which it was")
    key = f"P{camera[-1]}:"
    for number, line in lines_of(path):
        if line.startswith(key):
            where = f"{path}, line {number}"
            p = np.array(numbers_of(line.split()[1:], where, "m " * 12)).reshape(3, 4)
            header = photo_header(photo) if photo else None
            matrix = camera_matrix(p[0, 0], p[1, 1], p[0, 2] + 0.5, p[1, 2] + 0.5)  # OpenCV's (0, 0): a pixel's centre
            lens = checked(Camera(matrix, header.upright_px if header else None), where)
            return lens, -np.linalg.solve(p[:, :3], p[:, 3])
    raise WorkbookError(f"{path}: has no line {key} with the camera's 3x4 projection matrix")
