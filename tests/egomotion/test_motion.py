"""Motions as matrices and as six numbers."""

import numpy as np
import torch
from scipy.spatial.transform import Rotation

from posenet_lib.egomotion.motion import (
    from_world_to_camera,
    inverse,
    matrix_from_vector,
    source_from_target,
    world_to_camera,
)
from posenet_lib.geometry.poses import PoseArray

RNG = np.random.default_rng(4)
POSES = PoseArray(RNG.normal(size=(5, 3)) * 4, np.roll(Rotation.random(5, rng=2).as_quat(canonical=True), 1, axis=1))


def test_round_trips():
    matrices = world_to_camera(POSES)
    back = from_world_to_camera(matrices)
    np.testing.assert_allclose(back.position_m, POSES.position_m, atol=1e-12)
    np.testing.assert_allclose(np.abs((back.quaternion_wxyz * POSES.quaternion_wxyz).sum(axis=1)), 1, atol=1e-12)
    np.testing.assert_allclose(inverse(matrices) @ matrices, np.tile(np.eye(4), (5, 1, 1)), atol=1e-12)


def test_a_world_point_is_the_same_point_in_both_cameras():
    point = np.array([0.3, -2.0, 5.0, 1.0])
    first, second = world_to_camera(POSES)[[0, 3]] @ point
    np.testing.assert_allclose(source_from_target(POSES, np.array([0]), np.array([3]))[0] @ first, second, atol=1e-12)


def test_six_numbers_are_a_shift_and_a_rotation_vector_and_zero_has_a_gradient():
    vector = torch.tensor(RNG.normal(size=(4, 6)), dtype=torch.float32)
    matrix = matrix_from_vector(vector)
    np.testing.assert_allclose(matrix[:, :3, :3], Rotation.from_rotvec(vector[:, 3:].numpy()).as_matrix(), atol=1e-5)
    assert torch.equal(matrix[:, :3, 3], vector[:, :3])
    zero = torch.zeros(1, 6, requires_grad=True)
    matrix_from_vector(zero)[0, 1, 2].backward()
    assert zero.grad[0].tolist() == [0, 0, 0, -1, 0, 0]
