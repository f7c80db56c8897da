"""Poses as tools of other conventions write them: the inverse of `geometry.conventions.read_as`, for wrong inputs."""

import numpy as np

from posenet_lib.geometry import quaternion
from posenet_lib.geometry.conventions import Reading
from posenet_lib.geometry.poses import PoseArray

_BACKWARDS = np.diag([1.0, -1.0, -1.0])  # OpenGL's camera axes against ours, either way


def write_as(poses: PoseArray, reading: Reading) -> np.ndarray:
    """Poses as a tool of that convention would write them, (N, 7)."""
    rotation = quaternion.to_matrix(poses.quaternion_wxyz)
    if reading.opengl:
        rotation = _BACKWARDS @ rotation
    position = np.asarray(poses.position_m, dtype=np.float64)
    if reading.t:
        position = -np.einsum("nij,nj->ni", rotation, position)
    rotation = rotation.transpose(0, 2, 1) if reading.c2w else rotation
    if reading.opk:
        four = np.pad(to_omega_phi_kappa(rotation), ((0, 0), (0, 1)))
    else:
        four = quaternion.from_matrix(rotation)
        four = np.roll(four, -1, axis=1) if reading.xyzw else four
    return np.concatenate([four, position] if reading.qfirst else [position, four], axis=1)


def to_omega_phi_kappa(rotation: np.ndarray) -> np.ndarray:
    """(N, 3, 3) -> degrees, (N, 3); the inverse of `conventions.from_omega_phi_kappa`."""
    omega = np.arctan2(-rotation[:, 1, 2], rotation[:, 2, 2])
    phi = np.arcsin(np.clip(rotation[:, 0, 2], -1, 1))
    return np.degrees(np.stack([omega, phi, np.arctan2(-rotation[:, 0, 1], rotation[:, 0, 0])], axis=1))
