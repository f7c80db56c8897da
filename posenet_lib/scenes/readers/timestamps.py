"""Photos and poses of two clocks' lists: each photo gets the pose that was taken nearest to it in time."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.readers.read_pose import ReadPose, from_camera_to_world


class TimedPhoto(NamedTuple):
    """A photo and when it was taken."""

    time_s: float
    name: str
    path: Path


class TimedMatrix(NamedTuple):
    """A pose and when it was."""

    time_s: float
    camera_to_world: np.ndarray  # (4, 4), the workbook's camera axes
    where: str  # file and line


def match_by_time(
    photos: Sequence[TimedPhoto], matrices: Sequence[TimedMatrix], longest_s: float, **more
) -> tuple[list[ReadPose], list[str]]:
    """The photos that have a pose within `longest_s` seconds, and a sentence about the others.

    Raises:
        WorkbookError: there are none at all, so that the two lists are of different clocks or recordings.
    """
    matrices = sorted((one for one in matrices if np.isfinite(one.time_s)), key=lambda one: one.time_s)
    times_s = np.array([one.time_s for one in matrices])
    poses, without = [], []
    for photo in photos:
        after = int(np.searchsorted(times_s, photo.time_s))
        near = [index for index in (after - 1, after) if 0 <= index < len(matrices)]
        best = min(near, key=lambda index: abs(times_s[index] - photo.time_s), default=None)
        if best is None or not abs(times_s[best] - photo.time_s) <= longest_s:
            without.append(photo.name)
            continue
        matrix = matrices[best]
        poses.append(from_camera_to_world(photo.name, photo.path, matrix.camera_to_world, matrix.where, **more))
    if not poses:
        spans = [
            f"{what} from {min(times):.3f} to {max(times):.3f} s"
            for what, times in (("photos", [photo.time_s for photo in photos]), ("poses", times_s.tolist()))
            if times
        ]
        raise WorkbookError(
            f"no photo has a pose within {longest_s:g} s ({'; '.join(spans) or 'both lists are empty'}); "
            "are both lists of one recording and one clock? --max-seconds allows more"
        )
    if not without:
        return poses, []
    return poses, [f"{len(without)} photos left out, without a pose within {longest_s:g} s, first {without[0]}."]


def add_time_option(parser, default_s: float) -> None:
    """How far apart in time a photo and its pose may be."""
    parser.add_argument(
        "--max-seconds",
        type=float,
        default=default_s,
        metavar="S",
        help="a photo without a pose so near in time is left out",
    )
