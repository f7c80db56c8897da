"""Similarity transforms: turn, scale and move one set of points onto another (Umeyama, PAMI 1991)."""

from typing import NamedTuple

import numpy as np

_FLAT = 1e-6  # of the largest extent: points on a line do not say how to turn about it


class Similarity(NamedTuple):
    """x -> scale * rotation x + shift."""

    scale: float
    rotation: np.ndarray  # (3, 3)
    shift: np.ndarray  # (3,)

    def apply(self, points: np.ndarray) -> np.ndarray:
        """(N, 3) -> (N, 3)."""
        return self.scale * points @ self.rotation.T + self.shift


def fit_similarity(source: np.ndarray, target: np.ndarray, rounds: int = 5) -> Similarity | None:
    """Least squares, with far-off points weighing less and less; None if the points do not determine it.

    Args:
        source: (N, 3).
        target: (N, 3), where each of them belongs.
        rounds: of reweighting, so that a few wrong points do not decide.
    """
    weight = np.ones(len(source))
    found = None
    for _ in range(rounds):
        found = _weighted(source, target, weight)
        if found is None:
            return None
        off = np.linalg.norm(found.apply(source) - target, axis=1)
        weight = 1 / np.maximum(off, max(float(np.median(off)), 1e-12))
    return found


def _weighted(source: np.ndarray, target: np.ndarray, weight: np.ndarray) -> Similarity | None:
    weight = weight / weight.sum()
    middles = weight @ source, weight @ target
    a, b = source - middles[0], target - middles[1]
    variance = float(weight @ (a**2).sum(axis=1))
    u, size, vt = np.linalg.svd((b * weight[:, None]).T @ a)
    if not np.isfinite(size).all() or size[1] <= _FLAT * max(size[0], 1e-300) or variance <= 0:
        return None
    mirror = np.diag([1.0, 1.0, np.sign(np.linalg.det(u @ vt))])
    rotation = u @ mirror @ vt
    scale = float((size * np.diag(mirror)).sum() / variance)
    return Similarity(scale, rotation, middles[1] - scale * rotation @ middles[0]) if scale > 0 else None
