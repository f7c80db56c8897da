"""Depth errors, baselines, and the two ways of writing a trajectory's error."""

import numpy as np
import pytest
import torch

from posenet_lib.egomotion.depth_errors import constant_depth, depth_errors, mean_depth, photo_scales
from posenet_lib.egomotion.trajectory_errors import aligned_path, path_rmse_m, positions, snippet_errors

TRUE = torch.tensor([[[[2.0, 4.0, torch.inf, 50.0]]]])


def test_depth_errors_by_hand():
    errors = depth_errors(torch.tensor([[[[3.0, 4.0, 7.0, 1.0]]]]), TRUE)
    assert errors.abs_rel == pytest.approx(0.25), "sky and what is further than 40 m do not count"
    assert errors.delta == 0.5
    with pytest.raises(ValueError, match="predicted depths"):
        depth_errors(torch.ones(1, 1, 2, 2), TRUE)
    with pytest.raises(ValueError, match="no true depth"):
        depth_errors(torch.ones(1, 1, 1, 1), torch.full((1, 1, 1, 1), torch.inf))


def test_scales_and_baselines():
    true = torch.tensor([2.0, 4.0, 8.0]).view(1, 1, 1, 3).repeat(2, 1, 1, 1)
    scales = photo_scales(true * torch.tensor([0.5, 0.1]).view(2, 1, 1, 1), true)
    torch.testing.assert_close(scales, torch.tensor([2.0, 10.0]))
    training = torch.cat([true, 3 * true[:1]])
    assert (constant_depth(training, 4) == 6.0).all() or (constant_depth(training, 4) == 4.0).all()
    assert constant_depth(training, 4).shape == (4, 1, 1, 3)
    torch.testing.assert_close(mean_depth(training, 2)[1, 0, 0], torch.tensor([10 / 3, 20 / 3, 40 / 3]))


def straight(count: int, step_m: float) -> np.ndarray:
    """Motions of a camera that goes right: points move left."""
    motions = np.tile(np.eye(4), (count, 1, 1))
    motions[:, 0, 3] = -step_m
    return motions


def test_positions_of_a_straight_walk():
    np.testing.assert_allclose(positions(straight(3, 0.5)), [[0, 0, 0], [0.5, 0, 0], [1.0, 0, 0], [1.5, 0, 0]])


def test_the_published_figure_is_root_five_too_small():
    rng = np.random.default_rng(1)
    predicted = straight(12, 0.5)
    predicted[:, :3, 3] += rng.normal(0, 0.05, (12, 3))
    errors = snippet_errors(predicted, straight(12, 0.5))
    assert errors.rmse == pytest.approx(np.sqrt(5) * errors.published)
    assert errors.rmse > 0.01
    scaled = predicted.copy()
    scaled[:, :3, 3] *= 7
    np.testing.assert_allclose(snippet_errors(scaled, straight(12, 0.5)), errors, rtol=1e-9)  # scale is fitted
    with pytest.raises(ValueError, match="snippets of 5"):
        snippet_errors(predicted[:3], straight(3, 0.5))


def test_a_path_is_aligned_by_turn_scale_and_shift():
    true = np.random.default_rng(3).normal(size=(20, 3))
    turned = 0.2 * true @ np.array([[0, -1, 0], [1, 0, 0], [0, 0, 1.0]]) + 5
    assert path_rmse_m(aligned_path(turned, true), true) < 1e-9
    assert path_rmse_m(true + np.array([3, 0, 4]), true) == pytest.approx(5)
    with pytest.raises(ValueError, match="one line"):
        aligned_path(np.outer(np.arange(5.0), [1, 0, 0]), true[:5])
