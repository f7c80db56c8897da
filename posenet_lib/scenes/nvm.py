"""Read a VisualSFM reconstruction (`reconstruction.nvm`): cameras, 3-D points, and which camera saw which point.

The Cambridge Landmarks scenes come with one, and their pose lists were made from it. The text format, NVM_V3:

    NVM_V3
    (empty line)
    number of cameras, then a line for each: name  focal length  quaternion wxyz  centre xyz  distortion  0
    number of points, then a line for each: xyz  rgb  number of sightings  (camera  feature  x  y) for each of them

The quaternion rotates world to camera, as here (`quaternion`). Further models in the same file are not read.
"""

import math
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from posenet_lib.core.errors import WorkbookError
from posenet_lib.geometry import quaternion


@dataclass(frozen=True, eq=False)
class Reconstruction:
    """N cameras and M points in one world frame; S sightings, each a camera and a point."""

    names: tuple[str, ...]  # of the photos, as the file has them, with forward slashes
    focal_px: np.ndarray  # (N,) in pixels of the photos as they were
    position_m: np.ndarray  # (N, 3) camera centres
    quaternion_wxyz: np.ndarray  # (N, 4) unit, w >= 0
    points_m: np.ndarray  # (M, 3)
    seen_by: np.ndarray  # (S,) camera's number
    seen: np.ndarray  # (S,) point's number


def read_nvm(path: str | Path) -> Reconstruction:
    """Read the first model of a file.

    Raises:
        WorkbookError: it is missing, cut off, in another format, or has a bad line; it names the line and the cause.
    """
    return _read(Path(path), _read_model)


@dataclass(frozen=True, eq=False)
class NvmCamera:
    """One camera of a reconstruction."""

    name: str  # of the photo, with forward slashes
    focal_px: float
    quaternion_wxyz: np.ndarray  # (4,) unit, w >= 0, world to camera
    position_m: np.ndarray  # (3,) centre
    distortion: float  # one radial number


def read_nvm_cameras(path: str | Path) -> Iterator[NvmCamera]:
    """The first model's cameras; points stay unread.

    Raises:
        WorkbookError: as `read_nvm`.
    """
    names, rows = _read(Path(path), _read_cameras)
    turned = quaternion.canonical_sign(quaternion.normalise(rows[:, 1:5]))
    centres, lenses = rows[:, 5:8].copy(), rows[:, [0, 8]]
    return (
        NvmCamera(name, float(focal), wxyz, centre, float(distortion))
        for name, (focal, distortion), wxyz, centre in zip(_handed_over(names), lenses, turned, centres, strict=True)
    )


def _handed_over(names: list[str]) -> Iterator[str]:
    """The names in their order; the list keeps none of them."""
    names.reverse()
    while names:
        yield names.pop()


def read_focal_px(path: str | Path) -> float:
    """The median camera's focal length, in pixels of the photos as they were; points stay unread.

    Raises:
        WorkbookError: as `read_nvm`.
    """
    return float(np.median(_read(Path(path), _read_cameras)[1][:, 0]))


def _read(path: Path, part: Callable[["_Lines"], Any]) -> Any:
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            lines = _Lines(file)
            try:
                return part(lines)
            except ValueError as error:
                raise WorkbookError(f"{path}, line {lines.number}: {error}") from None
    except OSError as error:
        raise WorkbookError(
            f"{path}: cannot be read ({error.strerror}); a reconstruction in NVM_V3 is needed"
        ) from None


class _Lines:
    """Lines that are not empty, and the number of the one that was read last."""

    def __init__(self, file: Iterator[str]):
        self._file = file
        self.number = 0

    def next(self, wanted: str) -> str:
        for line in self._file:
            self.number += 1
            if line.strip():
                return line
        raise ValueError(f"the file ends where {wanted} should come; is it cut off?")


def _read_cameras(lines: _Lines) -> tuple[list[str], np.ndarray]:
    """Names, and (N, 9): focal length, quaternion, centre, distortion."""
    header = lines.next("the header NVM_V3").split()[0]
    if header != "NVM_V3":
        raise ValueError(f"begins with {header[:40]!r} where NVM_V3 is expected; export the model in that format")
    names, rows = [], array("d")  # flat: a list of lists takes four times as much
    for index in range(count := _count(lines, "cameras")):
        words = lines.next(f"camera {index + 1} of {count}").rsplit(maxsplit=10)
        if len(words) < 11:
            raise ValueError("a camera needs a name and ten numbers (focal, wxyz, xyz, distortion, 0)")
        names.append(words[0].strip().replace("\\", "/"))
        rows.extend(_numbers(words[1:10]))
    if not rows:
        raise ValueError("the model has no camera")
    cameras = np.frombuffer(rows).reshape(-1, 9)
    if (cameras[:, 0] <= 0).any():
        raise ValueError(f"a camera has the focal length {cameras[:, 0].min():g}; it must be above 0")
    if (np.linalg.norm(cameras[:, 1:5], axis=1) < 1e-6).any():
        raise ValueError("a camera's quaternion is zero, which is no rotation")
    return names, cameras


def _read_model(lines: _Lines) -> Reconstruction:
    names, cameras = _read_cameras(lines)
    points, seen_by, seen = [], [], []
    for index in range(count := _count(lines, "points")):
        words = lines.next(f"point {index + 1} of {count}").split()
        points.append(_numbers(words[:3]))
        sightings = _whole(words[6], "sightings") if len(words) > 6 else -1
        if len(words) != 7 + 4 * sightings:
            raise ValueError(f"a point with {sightings} sightings needs {7 + 4 * sightings} numbers, has {len(words)}")
        for word in words[7::4]:
            camera = _whole(word, "cameras")
            if camera >= len(names):
                raise ValueError(f"a sighting by camera {camera}, but there are {len(names)} cameras (0 is the first)")
            seen_by.append(camera)
            seen.append(index)
    return Reconstruction(
        names=tuple(names),
        focal_px=cameras[:, 0],
        position_m=cameras[:, 5:8],
        quaternion_wxyz=quaternion.canonical_sign(quaternion.normalise(cameras[:, 1:5])),
        points_m=np.array(points).reshape(-1, 3),
        seen_by=np.array(seen_by, dtype=np.int64),
        seen=np.array(seen, dtype=np.int64),
    )


def _count(lines: _Lines, what: str) -> int:
    return _whole(lines.next(f"the number of {what}").strip(), what)


def _whole(word: str, what: str) -> int:
    if not word.isascii() or not word.isdigit():
        raise ValueError(f"{word[:40]!r} is no number of {what}; a whole number from 0 up is needed")
    return int(word[:18])


def _numbers(words: list[str]) -> list[float]:
    numbers = []
    for word in words:
        try:
            numbers.append(float(word))
        except ValueError:
            raise ValueError(f"{word[:40]!r} is not a number") from None
        if not math.isfinite(numbers[-1]):
            raise ValueError(f"{word[:40]!r}: a finite number is needed")
    return numbers
