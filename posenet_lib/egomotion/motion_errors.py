"""How wrong motions between photos are, beside two that need no network: none at all, and always the same."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np


class MotionErrors(NamedTuple):
    """Medians over all pairs of photos."""

    rotation_deg: float
    shift_m: float  # length of the difference of the two shifts, after one scale for all pairs
    direction_deg: float  # angle between the two shifts; nan for 'no motion'

    def in_words(self, unit: str) -> str:
        """With the scene's unit of lengths."""
        direction = "no direction" if math.isnan(self.direction_deg) else f"direction {self.direction_deg:.0f} deg"
        return f"rotation {self.rotation_deg:.2f} deg, shift {self.shift_m:.3f} {unit}, {direction}"

    def __str__(self) -> str:
        return self.in_words("m")


def motion_scale(predicted: np.ndarray, true: np.ndarray) -> float:
    """The factor that brings predicted shifts to metres as well as one factor can, of motions (N, 4, 4)."""
    one, other = predicted[:, :3, 3], true[:, :3, 3]
    return float((one * other).sum() / max((one**2).sum(), 1e-12))


def motion_errors(predicted: np.ndarray, true: np.ndarray, scale: float | None = None) -> MotionErrors:
    """Compare motions (N, 4, 4) of the same pairs.

    Args:
        scale: of the predicted shifts; None fits one for all pairs.
    """
    factor = motion_scale(predicted, true) if scale is None else scale
    cosine = (np.einsum("nij,nij->n", predicted[:, :3, :3], true[:, :3, :3]) - 1) / 2
    shifts, true_shifts = factor * predicted[:, :3, 3], true[:, :3, 3]
    lengths = np.linalg.norm(shifts, axis=1) * np.linalg.norm(true_shifts, axis=1)
    known = lengths > 1e-9
    angles = np.arccos(np.clip((shifts * true_shifts).sum(axis=1)[known] / lengths[known], -1, 1))
    return MotionErrors(
        float(np.degrees(np.median(np.arccos(np.clip(cosine, -1, 1))))),
        float(np.median(np.linalg.norm(shifts - true_shifts, axis=1))),
        float(np.degrees(np.median(angles))) if known.any() else float("nan"),
    )


def chain_errors(predicted: Sequence[np.ndarray], true: Sequence[np.ndarray], length: int) -> MotionErrors:
    """Compare chains of so many motions with the true ones; one scale is fitted for all.

    Errors that have nothing to do with each other would grow with the root of `length`.

    Args:
        predicted, true: for each walk, the motions `next_from_this` of neighbouring photos, (N, 4, 4).

    Raises:
        ValueError: no walk has so many motions.
    """
    if not 1 <= length <= max(map(len, true)):
        raise ValueError(f"chains of {length} motions; the longest walk has {max(map(len, true))}")
    scale = motion_scale(np.concatenate(predicted), np.concatenate(true))
    both = [np.concatenate([chains(motions, length) for motions in walks]) for walks in (predicted, true)]
    return motion_errors(*both, scale)


def chains(motions: np.ndarray, length: int) -> np.ndarray:
    """(N, 4, 4) motions -> (N - length + 1, 4, 4): from each photo to the one `length` later."""
    count = max(0, len(motions) - length + 1)
    found = np.tile(np.eye(4), (count, 1, 1))
    for k in range(length):
        found = motions[k : k + count] @ found
    return found


def no_motion(count: int) -> np.ndarray:
    """Baseline: the camera stands still, (count, 4, 4)."""
    return np.tile(np.eye(4), (count, 1, 1))


def constant_motion(motions: np.ndarray) -> np.ndarray:
    """Baseline: each motion is the one before it, (N, 4, 4) of neighbouring pairs; the first one is no motion."""
    return np.concatenate([no_motion(1), motions[:-1]])
