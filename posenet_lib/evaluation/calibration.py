"""Is a predicted sigma worth anything? Errors grouped by sigma, and how well sigma ranks them."""

from typing import NamedTuple

import numpy as np


class Calibration(NamedTuple):
    """Photos in groups of growing sigma. A calibrated sigma is the root mean square of the errors in its group."""

    sigma: np.ndarray  # (groups,) root mean square of the predicted sigmas, in the error's unit
    error: np.ndarray  # (groups,) root mean square of the errors
    count: np.ndarray  # (groups,) photos
    rank_correlation: float  # Spearman's, over single photos: 1 if larger sigma always means larger error, 0 if never


def calibration(error: np.ndarray, sigma: np.ndarray, groups: int = 6) -> Calibration:
    """Compare errors (N,) with predicted sigmas (N,), both in metres or both in degrees.

    Raises:
        ValueError: the lengths differ.
    """
    if len(error) != len(sigma):
        raise ValueError(f"{len(error)} errors for {len(sigma)} sigmas")
    parts = np.array_split(np.argsort(sigma, kind="stable"), min(groups, len(sigma)))
    return Calibration(
        np.array([_rms(sigma[part]) for part in parts]),
        np.array([_rms(error[part]) for part in parts]),
        np.array([len(part) for part in parts]),
        _rank_correlation(error, sigma),
    )


def _rms(values: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(values))))


def _rank_correlation(first: np.ndarray, second: np.ndarray) -> float:
    ranks = [np.argsort(np.argsort(values, kind="stable")) for values in (first, second)]
    return float(np.corrcoef(ranks)[0, 1]) if len(first) > 1 else 0.0
