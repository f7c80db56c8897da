"""How wrong depth is: the field's two figures, the scale that a network without a unit needs, and two baselines."""

from typing import NamedTuple

import torch
from torch import Tensor

NEAREST_M, FURTHEST_M = 0.5, 40.0  # predictions are clamped to this range; truth beyond it (sky) does not count


class DepthErrors(NamedTuple):
    """Over all pixels whose true depth is known (Eigen et al. 2014)."""

    abs_rel: float  # mean of |predicted - true| / true
    delta: float  # share with max(predicted / true, true / predicted) < 1.25

    def __str__(self) -> str:
        return f"abs rel {self.abs_rel:.3f}, delta < 1.25 {self.delta:.3f}"


def known(true_m: Tensor) -> Tensor:
    """Where depth counts: bool, of the same shape."""
    return torch.isfinite(true_m) & (true_m < FURTHEST_M)


def depth_errors(predicted_m: Tensor, true_m: Tensor) -> DepthErrors:
    """Compare depths of one shape, [N, 1, H, W] in metres; true ones may be inf.

    Raises:
        ValueError: the shapes differ, or no true depth is known.
    """
    if predicted_m.shape != true_m.shape:
        raise ValueError(f"predicted depths {tuple(predicted_m.shape)}, true ones {tuple(true_m.shape)}")
    counts = known(true_m)
    if not counts.any():
        raise ValueError("no true depth is known")
    predicted, true = predicted_m[counts].clamp(NEAREST_M, FURTHEST_M), true_m[counts]
    ratio = torch.maximum(predicted / true, true / predicted)
    return DepthErrors(float(((predicted - true).abs() / true).mean()), float((ratio < 1.25).float().mean()))


def photo_scales(predicted: Tensor, true_m: Tensor) -> Tensor:
    """For each photo, the factor that brings its median depth to the true one, [N]; photos without truth get nan."""
    factors = []
    for one, true in zip(predicted, true_m, strict=True):
        counts = known(true)
        factors.append(true[counts].median() / one[counts].median() if counts.any() else torch.tensor(torch.nan))
    return torch.stack(factors)


def constant_depth(training_m: Tensor, count: int) -> Tensor:
    """Baseline: the median of all training depths everywhere, [count, 1, H, W]."""
    return training_m[known(training_m)].median().expand(count, *training_m.shape[1:])


def mean_depth(training_m: Tensor, count: int) -> Tensor:
    """Baseline: for each pixel the mean of its training depths (no pixel looks at the photo), [count, 1, H, W]."""
    mean = torch.nanmean(torch.where(known(training_m), training_m, torch.nan), dim=0)
    return mean.nan_to_num(FURTHEST_M).expand(count, *mean.shape)  # never anything but sky there
