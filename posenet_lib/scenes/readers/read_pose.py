"""What every reader gives: photos with camera poses in the workbook's convention, not yet a scene."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from posenet_lib.core.errors import WorkbookError
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import pose_from_matrix
from posenet_lib.scenes.unit import METRES

# Turns camera axes: OpenGL's (x right, y up, z backward) <-> the workbook's (x right, y down, z forward).
OPENGL = np.diag([1.0, -1.0, -1.0])

_UNIT = 0.01  # how far a quaternion's length may be from 1: rounding in a text file, not a wrong column


@dataclass(frozen=True, eq=False, slots=True)
class Camera:
    """A pinhole camera as a source gives it."""

    matrix: np.ndarray  # (3, 3) in pixels; the corner of the photo is (0, 0), so the first pixel's centre (0.5, 0.5)
    size_px: tuple[int, int] | None = None  # width, height that the matrix is for; None: the photo's own
    distortion: str = ""  # lens distortion in words, which the workbook does not use; empty: none


@dataclass(frozen=True, eq=False, slots=True)
class ReadPose:
    """One photo and its pose (convention: `posenet_lib.geometry.quaternion`)."""

    name: str  # in the scene to be made, with forward slashes: 'walk01/0001.jpg'
    image_path: Path
    position_m: np.ndarray  # (3,) camera centre; NaN when the frame is lost
    quaternion_wxyz: np.ndarray  # (4,) world to camera, unit length; NaN when the frame is lost
    camera: Camera | None = None
    split: str = ""  # 'train' or 'test' where the source has a split of its own
    number: int | None = None  # the frame's number, where the source counts frames; for --test-blocks
    lost: str = ""  # why there is no pose, where tracking was lost; empty: there is one


@dataclass(frozen=True, eq=False)
class Source:
    """All that was read, and what the reader has to say about it."""

    poses: Sequence[ReadPose]
    notes: Sequence[str] = field(default_factory=tuple)  # whole sentences
    split_note: str = ""  # where `ReadPose.split` came from
    missing: Mapping[Path, str] = field(default_factory=dict)  # photos that are nowhere -> what to say of the first
    may_lack_photos: bool = False  # whether lists of this kind name photos that nobody has, as NeRF's do
    unit: str = METRES  # of positions; UNITS where the format does not tell how long its unit is


def camera_matrix(fx: float, fy: float, cx: float, cy: float, skew: float = 0.0) -> np.ndarray:
    """(3, 3) from focal lengths and principal point in pixels."""
    return np.array([[fx, skew, cx], [0.0, fy, cy], [0.0, 0.0, 1.0]])


def from_camera_to_world(name: str, image_path: Path, matrix: np.ndarray, where: str, **more) -> ReadPose:
    """A pose from a (3, 4) or (4, 4) matrix: camera to world, the workbook's camera axes, metres.

    A matrix of zeros or with a number that is not finite is what trackers write when they are lost.

    Args:
        where: file and line, for messages.

    Raises:
        WorkbookError: the matrix is neither lost nor a rotation with a position.
    """
    if not np.isfinite(matrix).all():
        return _lost(name, image_path, "a number that is not finite", more)
    if not matrix[:3, :3].any():
        return _lost(name, image_path, "all zeros", more)
    if matrix.shape == (4, 4) and np.abs(matrix[3] - [0, 0, 0, 1]).max() > 1e-3:
        raise WorkbookError(
            f"{where}: the matrix' last row is {_show(matrix[3])} where 0 0 0 1 is right; "
            "is it transposed, or are the numbers of another kind?"
        )
    try:
        position_m, quaternion_wxyz = pose_from_matrix(matrix)
    except ValueError as error:
        raise WorkbookError(f"{where}: {error}") from None
    return ReadPose(name, image_path, position_m, quaternion_wxyz, **more)


def from_world_to_camera(
    name: str, image_path: Path, quaternion_wxyz: Sequence[float], translation: Sequence[float], where: str, **more
) -> ReadPose:
    """A pose from X_camera = R(q) X_world + t, so that the centre is -R^T t.

    Raises:
        WorkbookError: the quaternion is not near unit length.
    """
    rotation = _rotation(quaternion_wxyz, where)
    if rotation is None or not np.isfinite(translation).all():
        why = "all zeros" if np.isfinite([*quaternion_wxyz, *translation]).all() else "a number that is not finite"
        return _lost(name, image_path, why, more)
    centre_m = -rotation.T @ np.asarray(translation, dtype=np.float64)
    return ReadPose(name, image_path, centre_m + 0.0, quaternion.from_matrix(rotation), **more)


def matrix_of(quaternion_wxyz: Sequence[float], position: Sequence[float], where: str) -> np.ndarray:
    """(4, 4) of a rotation as a quaternion, and a position; NaN throughout where tracking was lost.

    Raises:
        WorkbookError: the quaternion is not near unit length.
    """
    matrix = np.eye(4)
    rotation = _rotation(quaternion_wxyz, where)
    if rotation is None:
        return np.zeros((4, 4)) if np.isfinite(quaternion_wxyz).all() else np.full((4, 4), np.nan)
    matrix[:3, :3], matrix[:3, 3] = rotation, position
    return matrix


def scaled(source: Source, metres: float) -> Source:
    """The same in metres: positions times `metres`, the length of the source's unit."""
    poses = [replace(pose, position_m=pose.position_m * metres) for pose in source.poses]
    return replace(source, poses=poses, unit=METRES)


def _rotation(quaternion_wxyz: Sequence[float], where: str) -> np.ndarray | None:
    """(3, 3), or None where there is none."""
    if not np.isfinite(quaternion_wxyz).all() or not np.any(quaternion_wxyz):
        return None
    length = float(np.linalg.norm(quaternion_wxyz))
    if abs(length - 1) > _UNIT:
        raise WorkbookError(
            f"{where}: the quaternion {_show(quaternion_wxyz)} has the length {length:.4g} where 1 is right; "
            "are the columns in another order, or are these angles?"
        )
    return quaternion.to_matrix(np.asarray(quaternion_wxyz, dtype=np.float64))


def _lost(name: str, image_path: Path, why: str, more: dict) -> ReadPose:
    return ReadPose(name, image_path, np.full(3, np.nan), np.full(4, np.nan), lost=why, **more)


def _show(numbers: Sequence[float]) -> str:
    return " ".join(f"{number:.6g}" for number in numbers)
