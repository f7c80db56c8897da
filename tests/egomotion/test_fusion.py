"""A path from noisy absolute poses and drifting motions: better than either, in place, scale found."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from posenet_lib.egomotion.fusion import Trust, chained_poses, fuse, trust_on_walk
from posenet_lib.egomotion.motion import inverse, world_to_camera
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray


def walk(count: int = 40) -> PoseArray:
    time = np.linspace(0, 1, count)
    position = np.column_stack([9 * time, 2 * np.sin(5 * time), 1.6 + 0.1 * np.sin(20 * time)])
    turn = Rotation.from_euler("yx", np.column_stack([0.8 * np.sin(6 * time), 0.1 * time]))
    return PoseArray(position, np.roll(turn.as_quat(canonical=True), 1, axis=1))


def motions_of(poses: PoseArray) -> np.ndarray:
    matrices = world_to_camera(poses)
    return matrices[1:] @ inverse(matrices[:-1])


def disturbed(poses: PoseArray, metres: float, degrees: float, rng) -> PoseArray:
    turn = Rotation.from_rotvec(rng.normal(0, np.radians(degrees) / np.sqrt(3), (len(poses.position_m), 3)))
    rotation = turn.as_matrix() @ quaternion.to_matrix(poses.quaternion_wxyz)
    position = poses.position_m + rng.normal(0, metres / np.sqrt(3), poses.position_m.shape)
    return PoseArray(position, quaternion.from_matrix(rotation))


def errors(found: PoseArray, true: PoseArray) -> tuple[float, float]:
    metres = np.linalg.norm(found.position_m - true.position_m, axis=1)
    return float(metres.mean()), float(quaternion.angle_deg(found.quaternion_wxyz, true.quaternion_wxyz).mean())


def test_exact_input_comes_back_in_any_unit():
    true = walk()
    motions = motions_of(true)
    motions[:, :3, 3] *= 7.0
    found = fuse(true, motions)
    assert errors(found, true)[0] < 1e-6 and errors(found, true)[1] < 1e-4


@pytest.mark.parametrize("seed", range(3))
def test_it_is_better_than_either_even_with_poses_that_are_altogether_wrong(seed):
    rng, true = np.random.default_rng(seed), walk()
    absolute = disturbed(true, 0.6, 5.0, rng)
    absolute.position_m[[7, 20]] += 6.0
    motions = motions_of(true)
    motions[:, :3, 3] = 0.3 * (motions[:, :3, 3] + rng.normal(0, 0.03, (39, 3)))
    motions[:, :3, :3] = Rotation.from_rotvec(rng.normal(0.006, 0.01, (39, 3))).as_matrix() @ motions[:, :3, :3]
    found = errors(fuse(absolute, motions, Trust(0.6, 5.0, 0.05, 1.0)), true)
    assert found[0] < 0.7 * errors(absolute, true)[0] and found[1] < 0.7 * errors(absolute, true)[1]
    drifted = errors(chained_poses(true, motions, 1 / 0.3), true)  # begun at the true pose, with the true scale
    assert found[0] < 0.7 * drifted[0] and found[1] < 0.7 * drifted[1]


def test_numbers_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="40 absolute poses and 38 motions"):
        fuse(walk(), motions_of(walk())[1:])


@pytest.mark.parametrize("seed", range(3))
def test_motions_that_agree_with_the_poses_are_trusted_as_before(seed):
    true, usual = walk(), Trust(0.6, 5.0, 0.1, 1.0)
    absolute = disturbed(true, 0.6, 5.0, np.random.default_rng(seed))
    found = trust_on_walk(usual, absolute, 7.0 * motions_of(true))
    assert found.turn_deg < 1.5 * usual.turn_deg and found.shift_m < 1.5 * usual.shift_m
    assert (found.position_m, found.rotation_deg) == (0.6, 5.0)


@pytest.mark.parametrize("seed", range(3))
def test_motions_that_turn_too_much_all_along_a_walk_are_found_out(seed):
    true, usual = walk(), Trust(0.6, 5.0, 0.1, 1.0)
    absolute, motions = disturbed(true, 0.6, 5.0, np.random.default_rng(seed)), motions_of(true)
    motions[:, :3, :3] = Rotation.from_euler("y", 0.06).as_matrix() @ motions[:, :3, :3]  # 3.4 degrees each
    checked = trust_on_walk(usual, absolute, motions)
    assert checked.turn_deg > 5 * usual.turn_deg
    before, after = (errors(fuse(absolute, motions, trust), true)[1] for trust in (usual, checked))
    assert after < 0.7 * before and after < 1.05 * errors(absolute, true)[1]


def test_a_walk_too_short_for_a_chain_changes_nothing():
    short = PoseArray(*(part[:9] for part in walk()))
    assert trust_on_walk(Trust(), short, motions_of(short)) == Trust()
