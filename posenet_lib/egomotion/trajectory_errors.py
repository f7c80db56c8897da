"""How wrong a camera's path is: the field's 5-frame figure, as it is printed and as it is meant; and whole paths.

A snippet of 5 photos gives 5 positions, the first of them 0 by construction. The snippet's scale is fitted with the
truth, which flatters: a whole path has one scale.
"""

from typing import NamedTuple

import numpy as np

from posenet_lib.egomotion.motion import inverse
from posenet_lib.geometry.similarity import fit_similarity

SNIPPET = 5


class SnippetErrors(NamedTuple):
    """Means over all snippets, metres."""

    published: float  # sqrt(sum e^2) / N, as the public evaluation codes compute it
    rmse: float  # sqrt(sum e^2 / N), sqrt(5) times as large


def positions(motions: np.ndarray) -> np.ndarray:
    """Chain motions `next_from_this` (N, 4, 4) -> camera centres (N + 1, 3) in the first camera's frame."""
    return chain(motions)[:, :3, 3]


def chain(motions: np.ndarray) -> np.ndarray:
    """Motions `next_from_this` (N, 4, 4) -> camera-to-first matrices (N + 1, 4, 4)."""
    poses = [np.eye(4)]
    for back in inverse(np.asarray(motions, dtype=np.float64)):
        poses.append(poses[-1] @ back)
    return np.stack(poses)


def snippet_errors(predicted: np.ndarray, true: np.ndarray, length: int = SNIPPET) -> SnippetErrors:
    """Errors of all snippets of a walk.

    Args:
        predicted, true: motions `next_from_this` of neighbouring photos, (N, 4, 4).
        length: photos in a snippet.

    Raises:
        ValueError: the walk is shorter than a snippet.
    """
    if len(predicted) != len(true) or len(true) < length - 1:
        raise ValueError(f"{len(predicted)} predicted and {len(true)} true motions; snippets of {length} photos")
    sums = []
    for start in range(len(true) - length + 2):
        one, other = (positions(motions[start : start + length - 1]) for motions in (predicted, true))
        scale = (one * other).sum() / max((one**2).sum(), 1e-12)
        sums.append(((scale * one - other) ** 2).sum())
    sums = np.array(sums)
    return SnippetErrors(float(np.sqrt(sums).mean() / length), float(np.sqrt(sums / length).mean()))


def aligned_path(predicted: np.ndarray, true: np.ndarray) -> np.ndarray:
    """Positions (N, 3) turned, scaled and moved onto the true ones as well as possible, (N, 3).

    Raises:
        ValueError: the positions lie on one line or in one place, so that nothing says how to turn them.
    """
    found = fit_similarity(predicted, true, rounds=1)
    if found is None:
        raise ValueError("the predicted positions lie on one line or in one place: they cannot be aligned")
    return found.apply(predicted)


def path_rmse_m(predicted: np.ndarray, true: np.ndarray) -> float:
    """Root mean square distance of positions (N, 3) in one frame."""
    return float(np.sqrt(((predicted - true) ** 2).sum(axis=1).mean()))
