"""Similarity transforms: exact on exact points, steady against wrong ones, silent where nothing determines them."""

import numpy as np
import pytest

from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.geometry.similarity import Similarity, consensus_similarity, fit_similarity, moved_poses


@pytest.fixture
def rng():
    return np.random.default_rng(5)


@pytest.fixture
def truth():
    rotation = quaternion.to_matrix(quaternion.normalise([0.2, -0.7, 0.3, 0.5]))
    return Similarity(2.3, rotation, np.array([10.0, -4.0, 1.0]))


def same(found: Similarity, true: Similarity, tolerance=1e-9) -> bool:
    return all(np.allclose(a, b, atol=tolerance) for a, b in zip(found, true, strict=True))


@pytest.mark.parametrize("count", [3, 4, 50])
def test_exact_points_give_the_exact_similarity(rng, truth, count):
    points = rng.normal(size=(count, 3))
    assert same(fit_similarity(points, truth.apply(points)), truth)
    assert same(consensus_similarity(points, truth.apply(points)).similarity, truth)


def test_forty_percent_wrong_pairs_change_nothing(rng, truth):
    points = rng.normal(size=(50, 3))
    target = truth.apply(points) + rng.normal(scale=0.001, size=(50, 3))
    target[:20] = rng.uniform(-20, 20, (20, 3))
    found = consensus_similarity(points, target)
    assert same(found.similarity, truth, 0.003)
    assert not found.inliers[:20].any()
    assert found.inliers[20:].sum() >= 25


def test_never_a_mirror(rng):
    points = rng.normal(size=(20, 3))
    found = fit_similarity(points, points * [1, 1, -1])
    assert np.linalg.det(found.rotation) == pytest.approx(1)


@pytest.mark.parametrize("direction", [[1, 0, 0], [0.3, -2, 0.5]])
def test_points_on_a_line_or_at_one_place_determine_nothing(rng, truth, direction):
    on_a_line = np.linspace(0, 5, 12)[:, None] * np.array(direction)
    assert fit_similarity(on_a_line, truth.apply(on_a_line)) is None
    assert consensus_similarity(on_a_line, truth.apply(on_a_line)) is None
    at_one_place = np.ones((12, 3))
    assert consensus_similarity(at_one_place, truth.apply(at_one_place)) is None


def test_cameras_turn_with_the_world(rng, truth):
    q = quaternion.canonical_sign(quaternion.normalise(rng.normal(size=(6, 4))))
    poses = PoseArray(rng.normal(size=(6, 3)), q)
    moved = moved_poses(poses, truth)
    point = rng.normal(size=3)
    for k in range(6):
        before = quaternion.to_matrix(q[k]) @ (point - poses.position_m[k])
        after = quaternion.to_matrix(moved.quaternion_wxyz[k]) @ (truth.apply(point[None])[0] - moved.position_m[k])
        assert np.allclose(after, truth.scale * before), "a photo shows the same, whatever the frame of reference"
