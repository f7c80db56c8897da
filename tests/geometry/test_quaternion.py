"""Invariants of the one quaternion convention."""

import numpy as np
import pytest

from posenet_lib.geometry import quaternion


@pytest.fixture
def random_wxyz():
    return np.random.default_rng(7).normal(size=(500, 4))


def test_normalised_has_unit_length_and_same_direction(random_wxyz):
    unit = quaternion.normalise(random_wxyz)
    np.testing.assert_allclose(np.linalg.norm(unit, axis=1), 1)
    np.testing.assert_allclose(np.cross(unit[:, :3], random_wxyz[:, :3]), 0, atol=1e-12)


@pytest.mark.parametrize("bad", [[0, 0, 0, 0], [np.nan, 0, 0, 1], [np.inf, 0, 0, 0]])
def test_what_names_no_rotation_is_refused(bad):
    with pytest.raises(ValueError, match="no rotation"):
        quaternion.normalise(np.array(bad, float))


def test_canonical_sign_keeps_the_rotation_and_makes_w_non_negative(random_wxyz):
    fixed = quaternion.canonical_sign(random_wxyz)
    assert (fixed[:, 0] >= 0).all()
    np.testing.assert_array_equal(np.abs(fixed), np.abs(random_wxyz))
    np.testing.assert_array_equal(fixed, quaternion.canonical_sign(-random_wxyz))
    np.testing.assert_array_equal(quaternion.canonical_sign([0, -1, 0, 0.5]), [0, 1, 0, -0.5])


def test_angle_ignores_sign_and_length(random_wxyz):
    first, second = random_wxyz[:250], random_wxyz[250:]
    angle = quaternion.angle_deg(first, second)
    np.testing.assert_allclose(quaternion.angle_deg(-3 * first, second), angle, atol=1e-9)
    np.testing.assert_allclose(quaternion.angle_deg(second, first), angle, atol=1e-9)
    assert ((angle >= 0) & (angle <= 180)).all()


@pytest.mark.parametrize("degrees", [0, 1e-6, 0.5, 30, 90, 179.999, 180])
def test_angle_of_a_known_rotation_has_the_factor_two(degrees):
    half = np.radians(degrees) / 2
    turned = [np.cos(half), 0, np.sin(half), 0]
    assert quaternion.angle_deg([1, 0, 0, 0], turned) == pytest.approx(degrees, abs=1e-9)


def test_angle_equals_the_acos_formula_of_the_paper(random_wxyz):
    unit = quaternion.normalise(random_wxyz)
    first, second = unit[:250], unit[250:]
    by_acos = np.degrees(2 * np.arccos(np.minimum(1, np.abs((first * second).sum(axis=1)))))
    np.testing.assert_allclose(quaternion.angle_deg(first, second), by_acos, atol=1e-6)


def test_matrix_round_trip(random_wxyz):
    unit = quaternion.canonical_sign(quaternion.normalise(random_wxyz))
    matrices = quaternion.to_matrix(unit)
    np.testing.assert_allclose(matrices @ matrices.swapaxes(1, 2), np.tile(np.eye(3), (500, 1, 1)), atol=1e-12)
    np.testing.assert_allclose(np.linalg.det(matrices), 1)
    np.testing.assert_allclose(quaternion.from_matrix(matrices), unit, atol=1e-10)


def test_half_turns_round_trip():
    """Where formulas that divide by w break down."""
    for axis in np.eye(3):
        q = np.concatenate([[0.0], axis])
        np.testing.assert_allclose(quaternion.from_matrix(quaternion.to_matrix(q)), q, atol=1e-12)


def test_w_first_and_right_handed():
    """A quarter turn about z takes x to y."""
    q = [np.sqrt(0.5), 0, 0, np.sqrt(0.5)]
    np.testing.assert_allclose(quaternion.to_matrix(q) @ [1, 0, 0], [0, 1, 0], atol=1e-12)


@pytest.mark.parametrize("bad", [np.diag([1.0, 1, -1]), 2 * np.eye(3), np.full((3, 3), np.nan)])
def test_mirrors_and_scalings_are_no_rotations(bad):
    with pytest.raises(ValueError, match="not a rotation"):
        quaternion.from_matrix(bad)


def test_mean_ignores_signs():
    rng = np.random.default_rng(1)
    centre = quaternion.normalise(rng.normal(size=4))
    near = quaternion.normalise(centre + 0.05 * rng.normal(size=(400, 4)))
    signs = rng.choice([-1, 1], size=(400, 1))
    assert quaternion.angle_deg(quaternion.mean(signs * near), centre) < 1
