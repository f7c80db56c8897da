"""Monte-Carlo dropout: the mean and the spread of many answers."""

import numpy as np
import pytest

from posenet_lib.evaluation.monte_carlo import mean_and_sigma
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray


def test_mean_and_sigma_of_samples():
    rng = np.random.default_rng(0)
    axis_deg = rng.normal(0, 2, (4000, 1))
    half = np.radians(axis_deg) / 2
    q = np.concatenate([np.cos(half), np.sin(half), 0 * half, 0 * half], axis=1) * rng.choice([-1, 1], (4000, 1))
    x = rng.normal([1, 2, 3], [0.3, 0.4, 0.0], (4000, 3))
    poses, sigma = mean_and_sigma([PoseArray(a[None], b[None]) for a, b in zip(x, q, strict=True)])
    np.testing.assert_allclose(poses.position_m, [[1, 2, 3]], atol=0.03)
    assert quaternion.angle_deg(poses.quaternion_wxyz, [[1, 0, 0, 0]])[0] < 0.15
    assert sigma.position_m[0] == pytest.approx(0.5, rel=0.05)
    assert sigma.rotation_deg[0] == pytest.approx(2, rel=0.05)
