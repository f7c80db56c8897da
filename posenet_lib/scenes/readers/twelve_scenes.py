"""12-Scenes (Valentin et al., 3DV 2016) as it is published -> poses."""

import argparse
import re
from pathlib import Path

import numpy as np

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.readers.matrix_files import read_matrix
from posenet_lib.scenes.readers.photo_cameras import checked
from posenet_lib.scenes.readers.photo_files import refuse_photos
from posenet_lib.scenes.readers.read_pose import Camera, Source, from_camera_to_world
from posenet_lib.scenes.readers.text import lines_of, numbers_of

HELP = "Turn a scene of 12-Scenes (data, info.txt, split.txt) into a scene here."
CONVENTION = (
    "Read as the data set is: data/frame-NNNNNN.pose.txt is a 4x4 matrix, camera to world, camera axes x right, y "
    "down, z forward, metres, with -INF where tracking was lost; info.txt has the colour camera. The first sequence "
    "of split.txt tests, as in the paper."
)
SOURCE = "a scene's folder (apt1/kitchen), with data, info.txt and split.txt in it"


def add_options(parser: argparse.ArgumentParser) -> None:
    """None beside those that all formats have."""


def read(options: argparse.Namespace) -> Source:
    """What `posenet scene import 12scenes` reads."""
    refuse_photos(options.photos)
    return read_twelve_scenes(options.source)


def read_twelve_scenes(source: Path) -> Source:
    """All frames of a scene.

    Raises:
        WorkbookError: a file is missing or wrong.
    """
    folder = source / "data"
    photos = sorted(folder.glob("frame-*.color.*")) if folder.is_dir() else []
    photos = [photo for photo in photos if re.fullmatch(r"frame-\d{1,12}\.color\.(jpe?g|png)", photo.name)]
    if not photos:
        raise WorkbookError(f"{source}: there is no data/frame-NNNNNN.color.jpg in it")
    last_test = _last_test_frame(source / "split.txt")
    camera = _camera(source / "info.txt")
    poses = []
    for photo in photos:
        number = int(photo.name[len("frame-") :].partition(".")[0])
        pose_file = photo.with_name(photo.name.partition(".")[0] + ".pose.txt")
        split = "" if last_test is None else "test" if number <= last_test else "train"
        name = f"{source.resolve().name}/{photo.name}"
        more = {"camera": camera, "split": split, "number": number}
        poses.append(from_camera_to_world(name, photo, read_matrix(pose_file), str(pose_file), **more))
    return Source(poses, (), "" if last_test is None else "the data set's own, the first sequence of split.txt tests")


def _last_test_frame(path: Path) -> int | None:
    """'sequence0 [frames=357] [start=0 ; end=356]' -> 356."""
    if not path.is_file():
        return None
    number, line = next(lines_of(path), (1, ""))
    match = re.search(r"start\s*=\s*(\d{1,12})\s*;\s*end\s*=\s*(\d{1,12})", line)
    if not match or int(match[1]) != 0:
        raise WorkbookError(
            f"{path}, line {number}: {line[:60]!r} names no first sequence; expected "
            "'sequence0 [frames=357] [start=0 ; end=356]'"
        )
    return int(match[2])


def _camera(path: Path) -> Camera | None:
    """`m_calibrationColorIntrinsic` of info.txt, a 4x4 matrix row by row; `m_colorWidth` x `m_colorHeight`."""
    if not path.is_file():
        return None
    values = {key.strip(): value.split() for key, _, value in (line.partition("=") for _, line in lines_of(path))}
    if "m_calibrationColorIntrinsic" not in values:
        return None
    numbers = numbers_of(values["m_calibrationColorIntrinsic"], f"{path}: m_calibrationColorIntrinsic", "m " * 16)
    size = [numbers_of(values.get(key, []), f"{path}: {key}", "pixels")[0] for key in ("m_colorWidth", "m_colorHeight")]
    if not np.isfinite(size).all():
        raise WorkbookError(f"{path}: the photos' size is {size[0]} x {size[1]}; pixels are needed")
    return checked(Camera(np.array(numbers).reshape(4, 4)[:3, :3], (int(size[0]), int(size[1]))), str(path))
