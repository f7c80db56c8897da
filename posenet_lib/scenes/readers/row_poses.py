"""A table's row as a pose, in a convention that the user states or that the row's columns fix."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.readers.angles import from_omega_phi_kappa, from_yaw_pitch_roll
from posenet_lib.scenes.readers.read_pose import OPENGL, matrix_of
from posenet_lib.scenes.readers.tables import MATRIX, Row

_QUATERNION = ("qw", "qx", "qy", "qz")
_CENTRE, _TRANSLATION = ("x", "y", "z"), ("tx", "ty", "tz")
# Three angles -> what they make, camera to world in OpenGL's camera axes.
_ANGLES = {("omega", "phi", "kappa"): from_omega_phi_kappa, ("yaw", "pitch", "roll"): from_yaw_pitch_roll}


@dataclass(frozen=True)
class Convention:
    """How a table's numbers are meant."""

    world_to_camera: bool = False  # the rotation's direction; the other is camera to world
    opengl: bool = False  # camera axes x right, y up, z backward, in place of x right, y down, z forward
    translation: bool = False  # the position is t of X_camera = R X_world + t, in place of the camera centre
    radians: bool = False


def has_angles(columns: Sequence[str]) -> bool:
    """Whether the orientation is three angles, whose convention is fixed."""
    return not {*_QUATERNION} <= {*columns} and not {*MATRIX} <= {*columns} and any(
        {*names} <= {*columns} for names in _ANGLES
    )  # fmt: skip


def camera_to_world(row: Row, convention: Convention) -> np.ndarray:
    """(4, 4) in the workbook's camera axes; NaN or zeros where tracking was lost.

    Raises:
        WorkbookError: a column is missing, is no number, or gives no rotation.
    """
    columns = row.words
    position = row.numbers(next((names for names in (_CENTRE, _TRANSLATION) if {*names} <= {*columns}), ()))
    if not position:
        raise WorkbookError(f"{row.where}: there are no columns x, y, z (or tx, ty, tz) for the position")
    if {*_QUATERNION} <= {*columns}:
        matrix = matrix_of(row.numbers(_QUATERNION), position, row.where)
    elif {*MATRIX} <= {*columns}:
        matrix = _with(np.array(row.numbers(MATRIX)).reshape(3, 3), position)
    else:
        return _from_angles(row, position, convention)
    if not np.isfinite(matrix).all() or not matrix.any():
        return matrix
    rotation = matrix[:3, :3]
    if convention.world_to_camera:
        if convention.translation:
            _require_rotation(rotation, row.where)
            position = -rotation.T @ position
        rotation = rotation.T
    return _with(rotation @ OPENGL if convention.opengl else rotation, position)


def _from_angles(row: Row, position: Sequence[float], convention: Convention) -> np.ndarray:
    for names, rotation_of in _ANGLES.items():
        if {*names} <= {*row.words}:
            angles = row.numbers(names)
            if not np.isfinite(angles).all():
                return np.full((4, 4), np.nan)
            return _with(rotation_of(*(np.degrees(angles) if convention.radians else angles)) @ OPENGL, position)
    raise WorkbookError(
        f"{row.where}: there are no columns for the orientation: qw, qx, qy, qz, or r11 to r33, or omega, phi, kappa, "
        f"or yaw, pitch, roll; the columns are {', '.join(row.words)[:200]}"
    )


def _require_rotation(rotation: np.ndarray, where: str) -> None:
    if np.abs(rotation @ rotation.T - np.eye(3)).max() > 0.01:
        raise WorkbookError(f"{where}: r11 to r33 are no rotation matrix (rows of length 1, at right angles)")


def _with(rotation: np.ndarray, position: Sequence[float]) -> np.ndarray:
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = rotation, position
    return matrix
