"""Errors and their summaries."""

import numpy as np
import pytest

from posenet_lib.evaluation.errors import PoseErrors, pose_errors, summarise
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray


def random_poses(count, seed=0) -> PoseArray:
    rng = np.random.default_rng(seed)
    return PoseArray(rng.normal(size=(count, 3)), quaternion.normalise(rng.normal(size=(count, 4))))


def test_known_errors():
    true = PoseArray(np.zeros((2, 3)), np.array([[1.0, 0, 0, 0]] * 2))
    quarter = [np.sqrt(0.5), 0, 0, np.sqrt(0.5)]
    errors = pose_errors(PoseArray(np.array([[3.0, 4, 0], [0, 0, 0]]), np.array([quarter, [-2.0, 0, 0, 0]])), true)
    np.testing.assert_allclose(errors.position_m, [5, 0])
    np.testing.assert_allclose(errors.rotation_deg, [90, 0], atol=1e-9)


def test_symmetry_and_identity():
    first, second = random_poses(50, 1), random_poses(50, 2)
    there, back = pose_errors(first, second), pose_errors(second, first)
    np.testing.assert_allclose(there.position_m, back.position_m)
    np.testing.assert_allclose(there.rotation_deg, back.rotation_deg)
    assert pose_errors(first, first).rotation_deg.max() < 1e-6


def test_a_common_change_of_frame_changes_no_error():
    first, second = random_poses(50, 1), random_poses(50, 2)
    turn = quaternion.to_matrix([0.3, 0.5, -0.2, 0.7])

    def moved(poses):
        rotation = quaternion.to_matrix(poses.quaternion_wxyz) @ turn.T
        return PoseArray(poses.position_m @ turn.T + [5, 6, 7], quaternion.from_matrix(rotation))

    before, after = pose_errors(first, second), pose_errors(moved(first), moved(second))
    np.testing.assert_allclose(before.position_m, after.position_m)
    np.testing.assert_allclose(before.rotation_deg, after.rotation_deg, atol=1e-6)


def test_numbers_must_match():
    with pytest.raises(ValueError, match="3 predictions for 4 true poses"):
        pose_errors(random_poses(3), random_poses(4))


def test_summary_against_hand_counted_numbers():
    errors = PoseErrors(np.array([0.1, 0.2, 0.4, 1.0, 9.0]), np.array([1.0, 3.0, 4.0, 8.0, 50.0]))
    summary = summarise(errors)
    assert (summary.median_position_m, summary.median_rotation_deg) == (0.4, 4.0)
    assert summary.mean_position_m == pytest.approx(2.14)
    assert summary.within == {"0.25 m, 2 deg": 0.2, "0.5 m, 5 deg": 0.6, "5 m, 10 deg": 0.8}
    assert summary.p25_position_m <= summary.median_position_m <= summary.p75_position_m <= summary.p95_position_m


@pytest.mark.parametrize("spread", [1e-6, 0.01, 1.0, 100.0])
def test_errors_are_scipys_on_random_trajectories(spread):
    reason = "SciPy comes with the extra [test]: pip install -e '.[test]'"
    transform = pytest.importorskip("scipy.spatial.transform", reason=reason)
    rng = np.random.default_rng(int(spread * 1e6))
    steps = rng.normal(size=(400, 3))
    true = PoseArray(np.cumsum(steps, axis=0), rng.normal(size=(400, 4)))
    turns = transform.Rotation.from_rotvec(rng.normal(size=(400, 3)) * min(spread, 3))
    rotation = turns * transform.Rotation.from_quat(true.quaternion_wxyz, scalar_first=True)
    off = rng.normal(size=(400, 3)) * spread
    signs = rng.choice([-1.0, 1.0], size=(400, 1)) * rng.uniform(0.1, 7, size=(400, 1))  # any sign and length
    predicted = PoseArray(true.position_m + off, rotation.as_quat(scalar_first=True) * signs)
    errors = pose_errors(predicted, true)
    np.testing.assert_allclose(errors.rotation_deg, np.degrees(turns.magnitude()), rtol=0, atol=1e-6)
    np.testing.assert_allclose(errors.position_m, np.linalg.norm(off, axis=1), rtol=0, atol=1e-6)
    # The workbook's own matrices are SciPy's, too.
    np.testing.assert_allclose(quaternion.to_matrix(predicted.quaternion_wxyz), rotation.as_matrix(), atol=1e-12)
