"""TUM RGB-D sequences, and trajectories in their format -> poses. Source: the benchmark's 'File Formats' page."""

import argparse
import re
from pathlib import Path

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.readers.photo_files import Photos
from posenet_lib.scenes.readers.read_pose import Camera, Source, camera_matrix, matrix_of
from posenet_lib.scenes.readers.text import lines_of, number_of, numbers_of
from posenet_lib.scenes.readers.timestamps import TimedMatrix, TimedPhoto, add_time_option, match_by_time

HELP = "Turn a TUM RGB-D sequence (rgb.txt and groundtruth.txt) into a scene here."
CONVENTION = (
    "Read as the benchmark defines it: 'timestamp tx ty tz qx qy qz qw' a line, camera to world, the quaternion's w "
    "last, camera axes x right, y down, z forward, metres. Each photo of rgb.txt gets the pose nearest in time. The "
    "camera is the benchmark's where the folder's name says which (freiburg1, 2, 3)."
)
SOURCE = "the sequence's folder"

_POSE = "timestamp tx ty tz qx qy qz qw"
# fx fy cx cy at 640x480, of the benchmark's page; OpenCV's, so (0, 0) is the first pixel's centre.
_FREIBURG = {
    "1": (517.3, 516.5, 318.6, 255.3),
    "2": (520.9, 521.0, 325.1, 249.7),
    "3": (535.4, 539.2, 320.1, 247.6),
}


def add_options(parser: argparse.ArgumentParser) -> None:
    """Beside those that all formats have."""
    parser.add_argument("--trajectory", type=Path, metavar="FILE", help="poses (default: SRC/groundtruth.txt)")
    add_time_option(parser, 0.02)


def read(options: argparse.Namespace) -> Source:
    """What `posenet scene import tum` reads."""
    return read_tum(options.source, options.photos, options.trajectory, options.max_seconds)


def read_tum(
    source: Path, photos: Path | None = None, trajectory: Path | None = None, longest_s: float = 0.02
) -> Source:
    """The photos of rgb.txt with poses of groundtruth.txt.

    Raises:
        WorkbookError: a list is missing or wrong, a photo is missing, or no photo has a pose.
    """
    if not (source / "rgb.txt").is_file():
        raise WorkbookError(f"{source}: there is no rgb.txt ('timestamp filename' a line) in it")
    found = Photos([photos or source])
    timed = []
    for number, line in lines_of(source / "rgb.txt"):
        where, words = f"{source / 'rgb.txt'}, line {number}", line.split(maxsplit=1)
        if len(words) < 2:
            raise WorkbookError(f"{where}: {line[:60]!r} is not 'timestamp filename'")
        timed.append(TimedPhoto(number_of(words[0], where, "the timestamp"), *found.find(words[1], where)))
    matrices = read_trajectory(trajectory or source / "groundtruth.txt")
    camera = _camera(source)
    poses, notes = match_by_time(timed, matrices, longest_s, camera=camera)
    return Source(poses, notes, missing=found.missing)


def read_trajectory(path: Path) -> list[TimedMatrix]:
    """`timestamp tx ty tz qx qy qz qw` a line.

    Raises:
        WorkbookError: a line is something else.
    """
    matrices = []
    for number, line in lines_of(path):
        where = f"{path}, line {number}"
        time_s, tx, ty, tz, qx, qy, qz, qw = numbers_of(line.replace(",", " ").split(), where, _POSE)
        matrices.append(TimedMatrix(time_s, matrix_of((qw, qx, qy, qz), (tx, ty, tz), where), where))
    return matrices


def _camera(source: Path) -> Camera | None:
    match = re.search(r"freiburg([123])", str(source.resolve()))
    if not match:
        return None
    fx, fy, cx, cy = _FREIBURG[match[1]]
    words = "" if match[1] == "3" else f"freiburg{match[1]}, given by the benchmark"  # 3 is rectified
    return Camera(camera_matrix(fx, fy, cx + 0.5, cy + 0.5), (640, 480), words)
