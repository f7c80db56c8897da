"""Poses as other tools write them: what differs from the workbook's convention, and the way back to it.

A pose is seven numbers. Here (see `quaternion`) they are the camera's centre, then wxyz, world to camera, with x right
and y down in the photo. Each difference that is seen in lists of other tools has a name, and a `Reading` is a set of
such names: {"qfirst", "t"} is what hloc and COLMAP write.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray

# In words that end the sentence "The numbers look like poses ...".
DIFFERENCES = {
    "qfirst": "with the quaternion first and the position after it",
    "xyzw": "with the quaternion as x, y, z, w (w last)",
    "c2w": "with the quaternion from camera to world",
    "t": "with t of a world-to-camera matrix in place of the camera's centre",
    "opengl": "with OpenGL's camera axes (y up, z backwards)",
    "opk": "with the angles omega, phi, kappa in degrees in place of a quaternion",
}
# What several differences together are called.
TOGETHER = {
    "opk": ("opk", "c2w", "opengl"),  # as photogrammetry means it
    "opk-w2c": ("opk",),
    "hloc": ("qfirst", "t"),
    "colmap": ("qfirst", "t"),
}
_BACKWARDS = np.diag([1.0, -1.0, -1.0])  # OpenGL's camera axes against ours, either way


class Reading(NamedTuple):
    """How seven numbers are read; all False is the workbook's own way."""

    qfirst: bool = False
    xyzw: bool = False
    c2w: bool = False
    t: bool = False
    opengl: bool = False
    opk: bool = False

    @classmethod
    def of(cls, names: Iterable[str]) -> "Reading":
        """From the names of what differs."""
        return cls(**dict.fromkeys(names, True))

    @classmethod
    def of_steps(cls, steps: Iterable[str]) -> "Reading":
        """From the names that commands take: those of `TOGETHER`, else of `DIFFERENCES`."""
        return cls.of(name for step in steps for name in TOGETHER.get(step, (step,)))

    @property
    def names(self) -> tuple[str, ...]:
        """What differs; empty for the workbook's own way."""
        return tuple(name for name, differs in self._asdict().items() if differs)

    @property
    def steps(self) -> tuple[str, ...]:
        """The shortest names that `of_steps` takes for it."""
        if not self.opk:
            return self.names
        if self.c2w and self.opengl:
            return ("opk", *(name for name in self.names if name not in TOGETHER["opk"]))
        return ("opk-w2c", *(name for name in self.names if name != "opk"))

    @property
    def words(self) -> str:
        """For a sentence."""
        return " and ".join(DIFFERENCES[name] for name in self.names) or "as the workbook expects them"


def read_as(numbers: np.ndarray, reading: Reading) -> PoseArray | None:
    """(N, 7) numbers as they are written -> poses; None if they are no poses when they are read so.

    With `opk`, the last number of the four does not count.
    """
    found = rotations_as(numbers, reading)
    return PoseArray(found[0], quaternion.from_matrix(found[1])) if found else None


def rotations_as(numbers: np.ndarray, reading: Reading) -> tuple[np.ndarray, np.ndarray] | None:
    """As `read_as`: positions (N, 3), and world-to-camera rotations as matrices (N, 3, 3)."""
    numbers = np.asarray(numbers, dtype=np.float64)
    position, four = (numbers[:, 4:], numbers[:, :4]) if reading.qfirst else (numbers[:, :3], numbers[:, 3:])
    if reading.opk:
        rotation = from_omega_phi_kappa(four[:, :3])
    else:
        length = np.linalg.norm(four, axis=1)
        if not np.isfinite(four).all() or (length < 1e-6).any():
            return None
        rotation = quaternion.to_matrix(np.roll(four, 1, axis=1) if reading.xyzw else four)
    if reading.c2w:
        rotation = rotation.transpose(0, 2, 1)
    if reading.t:
        position = -np.einsum("nji,nj->ni", rotation, position)
    if reading.opengl:
        rotation = _BACKWARDS @ rotation
    return position, rotation


def from_omega_phi_kappa(degrees: np.ndarray) -> np.ndarray:
    """(N, 3) -> Rx(omega) Ry(phi) Rz(kappa), (N, 3, 3).

    Photogrammetry means camera to world by it, with OpenGL's camera axes: {"opk", "c2w", "opengl"}. Others mean world
    to camera with ours.
    """
    (so, sp, sk), (co, cp, ck) = np.sin(np.radians(degrees)).T, np.cos(np.radians(degrees)).T
    rows = [
        [cp * ck, -cp * sk, sp],
        [co * sk + so * sp * ck, co * ck - so * sp * sk, -so * cp],
        [so * sk - co * sp * ck, so * ck + co * sp * sk, co * cp],
    ]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)
