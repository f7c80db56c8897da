"""A head in closed form: it finds what is linear, chooses its ridge on other sequences, and knows that q is -q."""

import numpy as np
import pytest

from posenet_lib.evaluation.errors import pose_errors
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.training import closed_form
from posenet_lib.training.closed_form import STRENGTHS, fit_head

SEQUENCES = np.repeat([f"walk{k}" for k in range(8)], 10)


def poses(count=80, seed=0):
    rng = np.random.default_rng(seed)
    wxyz = quaternion.normalise(np.array([1.0, 0.2, -0.1, 0.3]) + 0.1 * rng.normal(size=(count, 4)))
    return PoseArray(rng.uniform(-5, 5, (count, 3)), quaternion.canonical_sign(wxyz))


def features_of(some, extra=50, seed=1):
    """More features than photos; in seven of them lies the pose, mixed."""
    rng = np.random.default_rng(seed)
    mixed = np.concatenate(some, axis=1) @ np.random.default_rng(2).normal(size=(7, 40))
    return np.concatenate([mixed, rng.normal(size=(len(mixed), extra))], axis=1)


def test_what_is_linear_is_found():
    known, new = poses(), poses(seed=5)
    head = fit_head(features_of(known, extra=0), known, SEQUENCES, strengths=[1e-9]).head
    found = head(features_of(new, extra=0))
    errors = pose_errors(found, new)
    assert errors.position_m.max() < 0.01 and errors.rotation_deg.max() < 0.1
    np.testing.assert_allclose(np.linalg.norm(found.quaternion_wxyz, axis=1), 1)


def test_it_is_the_minimum_of_the_ridge():
    known = poses()
    x = features_of(known)
    fitted = fit_head(x, known, SEQUENCES, strengths=[0.1])
    head = fitted.head
    normal = (x - head.mean) / head.scale
    targets = np.concatenate(known, axis=1) - head.bias
    strength = 0.1 * np.linalg.eigvalsh(normal @ normal.T).mean()
    plain = np.linalg.solve(normal.T @ normal + strength * np.eye(x.shape[1]), normal.T @ targets)
    np.testing.assert_allclose(head.weights, plain, atol=1e-8)
    assert (fitted.position_strength, fitted.rotation_strength) == (0.1, 0.1)


def test_noise_asks_for_a_stronger_ridge():
    known, rng = poses(), np.random.default_rng(3)
    clean = features_of(known, extra=0)
    noisy = clean + 30 * rng.normal(size=clean.shape)
    weak, strong = (fit_head(x, known, SEQUENCES, STRENGTHS) for x in (clean, noisy))
    assert weak.position_strength < strong.position_strength
    assert weak.rotation_strength < strong.rotation_strength


def test_the_other_sign_of_a_quaternion_changes_nothing():
    known = poses()
    flipped = known._replace(quaternion_wxyz=known.quaternion_wxyz * np.where(np.arange(80) % 2, 1, -1)[:, None])
    x = features_of(known)
    one, other = (fit_head(x, some, SEQUENCES).head(x) for some in (known, flipped))
    assert pose_errors(one, other).rotation_deg.max() < 1e-6


@pytest.mark.parametrize("sequences", [SEQUENCES, np.full(80, "walk"), np.repeat(["a", "b"], 40)])
def test_each_photo_is_held_out_once_with_its_neighbours(sequences):
    blocks = np.array(list(closed_form._blocks(sequences)))
    assert (blocks.sum(axis=0) == 1).all() and (~blocks).any(axis=1).all()
    assert (np.diff(blocks.astype(int), axis=1) != 0).sum(axis=1).max() <= 2, "one piece of the list"
