"""How a camera moved between two photos: a 4x4 matrix that takes points from one camera's frame to the other's.

The name says the direction: `source_from_target @ point_in_target` is the point in the source's frame. That is what a
pose network predicts for view synthesis, and it is the *inverse* of the source camera's pose in the target's frame.
"""

import numpy as np
import torch
from torch import Tensor

from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray


def world_to_camera(poses: PoseArray) -> np.ndarray:
    """(N, 4, 4) matrices that take world points to each camera's frame."""
    matrices = np.tile(np.eye(4), (len(poses.position_m), 1, 1))
    matrices[:, :3, :3] = quaternion.to_matrix(poses.quaternion_wxyz)
    matrices[:, :3, 3] = -np.einsum("nij,nj->ni", matrices[:, :3, :3], poses.position_m)
    return matrices


def from_world_to_camera(matrices: np.ndarray) -> PoseArray:
    """The inverse of `world_to_camera`."""
    rotation = matrices[:, :3, :3]
    return PoseArray(-np.einsum("nji,nj->ni", rotation, matrices[:, :3, 3]), quaternion.from_matrix(rotation))


def inverse(matrices: np.ndarray) -> np.ndarray:
    """(N, 4, 4) motions -> the way back. (`np.linalg.inv` does the same, less exactly.)"""
    back = np.tile(np.eye(4), (len(matrices), 1, 1))
    back[:, :3, :3] = matrices[:, :3, :3].transpose(0, 2, 1)
    back[:, :3, 3] = -np.einsum("nij,nj->ni", back[:, :3, :3], matrices[:, :3, 3])
    return back


def source_from_target(poses: PoseArray, target: np.ndarray, source: np.ndarray) -> np.ndarray:
    """(N, 4, 4) for N pairs of photo numbers."""
    matrices = world_to_camera(poses)
    return matrices[source] @ inverse(matrices[target])


def matrix_from_vector(vector: Tensor) -> Tensor:
    """[B, 6], a translation and an axis times its angle in radians -> [B, 4, 4].

    Rodrigues' formula as the exponential of the axis' cross-product matrix, which is smooth at angle 0.
    """
    x, y, z = vector[:, 3:].unbind(1)
    zero = torch.zeros_like(x)
    cross = torch.stack([zero, -z, y, z, zero, -x, -y, x, zero], dim=1).view(-1, 3, 3)
    rotation = torch.linalg.matrix_exp(cross.float())
    top = torch.cat([rotation, vector[:, :3, None].float()], dim=2)  # [B, 3, 4]
    bottom = torch.tensor([0.0, 0.0, 0.0, 1.0], device=vector.device).expand(len(vector), 1, 4)
    return torch.cat([top, bottom], dim=1)
