"""Camera poses: a batch as tensors, or many as plain arrays. Convention: `posenet_lib.geometry.quaternion`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from posenet_lib.geometry import quaternion

if TYPE_CHECKING:  # scenes and their poses are read without torch, which takes seconds to import
    from torch import Tensor


class Pose(NamedTuple):
    """A batch of camera poses, predicted or true."""

    position_m: "Tensor"  # [B, 3] camera centre in the scene's frame, metres
    quaternion_wxyz: "Tensor"  # [B, 4] world to camera; raw (any length) as the network predicts it


class PoseArray(NamedTuple):
    """N poses as NumPy arrays, for everything that needs no gradient."""

    position_m: np.ndarray  # (N, 3)
    quaternion_wxyz: np.ndarray  # (N, 4) unit length, w >= 0

    def take(self, which: np.ndarray | slice | Sequence[int]) -> "PoseArray":
        """Some of them: by numbers, a slice, or a mask."""
        return PoseArray(self.position_m[which], self.quaternion_wxyz[which])


class PoseSigma(NamedTuple):
    """How far N photos' sampled answers lie from their mean: root mean squares, so one number for all directions."""

    position_m: np.ndarray  # (N,)
    rotation_deg: np.ndarray  # (N,)


class PositionSpread(NamedTuple):
    """Where a scene's training cameras are, axis by axis; the default leaves positions as the head regresses them."""

    mean_m: Sequence[float] = (0.0, 0.0, 0.0)
    std_m: Sequence[float] = (1.0, 1.0, 1.0)


def pose_from_matrix(camera_to_world: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(4, 4) camera to world -> position_m (3,), quaternion_wxyz (4,) world to camera.

    Raises:
        ValueError: its upper left 3x3 part is not a rotation.
    """
    return camera_to_world[:3, 3].copy(), quaternion.from_matrix(camera_to_world[:3, :3].T)


def nearest_poses(poses: PoseArray, among: PoseArray) -> np.ndarray:
    """For each of N poses, the index of the pose of `among` whose position is nearest, (N,)."""
    nearest = [np.linalg.norm(among.position_m - one, axis=1).argmin() for one in poses.position_m]  # not N x M at once
    return np.array(nearest, dtype=np.int64)
