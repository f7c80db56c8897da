"""Similarity transforms: turn, scale and move one set of points onto another (Umeyama, PAMI 1991)."""

from typing import NamedTuple

import numpy as np

from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray

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


def moved_poses(poses: PoseArray, similarity: Similarity) -> PoseArray:
    """Poses in the frame of reference that a similarity leads to: cameras turn with the world."""
    turned = quaternion.to_matrix(poses.quaternion_wxyz) @ similarity.rotation.T
    return PoseArray(similarity.apply(poses.position_m), quaternion.from_matrix(turned))


class Consensus(NamedTuple):
    """A similarity that most points agree on, and which those are."""

    similarity: Similarity
    inliers: np.ndarray  # (N,) bool


def consensus_similarity(source: np.ndarray, target: np.ndarray, seed: int = 0, tries: int = 1000) -> Consensus | None:
    """A similarity in spite of up to nearly half wrong pairs; None if the points do not determine one.

    Random samples of three pairs, as in RANSAC (Fischler and Bolles, CACM 1981). No threshold in metres is needed: the
    best sample is the one with the least median residual (Rousseeuw, JASA 1984), and pairs agree with it whose residual
    is at most 2.5 robust standard deviations. Those decide by least squares.

    Args:
        source, target: (N, 3) each, N >= 3.
        seed: of the samples.
        tries: how many samples; one where there are three pairs.
    """
    count = len(source)
    rng, best, least = np.random.default_rng(seed), None, np.inf
    for _ in range(tries if count > 3 else 1):
        three = rng.choice(count, 3, replace=False) if count > 3 else np.arange(3)
        found = _weighted(source[three], target[three], np.ones(3))
        if found is None:
            continue
        off = float(np.median(np.linalg.norm(found.apply(source) - target, axis=1)))
        if off < least:
            best, least = found, off
    if best is None:
        return None
    off = np.linalg.norm(best.apply(source) - target, axis=1)
    extent = float(np.linalg.norm(target - target.mean(axis=0), axis=1).max())
    inliers = off <= max(2.5 * 1.4826 * (1 + 5 / max(1, count - 3)) * least, 1e-9 * extent)
    found = _weighted(source[inliers], target[inliers], np.ones(int(inliers.sum()))) if inliers.sum() >= 3 else None
    return Consensus(found, inliers) if found else None
