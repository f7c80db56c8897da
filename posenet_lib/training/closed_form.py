"""A linear head without training: ridge regression from a frozen trunk's features to poses has a closed form.

The sum of squares of position and quaternion errors, plus a strength times the sum of squared weights, is smallest at
one place, which a system of linear equations gives. It is not PoseNet's loss (whose errors are lengths, not squares),
but it takes a second. How strong the ridge has to be is found on training sequences that the fit has not seen.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from posenet_lib.evaluation.errors import pose_errors
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray

STRENGTHS = tuple(10.0 ** (half / 2) for half in range(-6, 3))  # of the ridge, in units of the features' mean variance
_BLOCKS = 6  # of sequences, each held out once
_AS_GOOD = 1.01  # times the smallest error is no difference: then the strongest ridge, whose weights are the smallest


class LinearHead(NamedTuple):
    """Features of F numbers -> poses."""

    mean: np.ndarray  # (F,) of the training features
    scale: np.ndarray  # (F,) their standard deviation
    weights: np.ndarray  # (F, 7)
    bias: np.ndarray  # (7,) the mean training pose

    def __call__(self, features: np.ndarray) -> PoseArray:
        """(N, F) -> N poses."""
        raw = (features - self.mean) / self.scale @ self.weights + self.bias
        quaternion_wxyz = quaternion.normalise(raw[:, 3:])
        return PoseArray(raw[:, :3].astype(np.float64), quaternion.canonical_sign(quaternion_wxyz))


class FittedHead(NamedTuple):
    """A head, and the strengths of its ridge."""

    head: LinearHead
    position_strength: float
    rotation_strength: float


def fit_head(
    features: np.ndarray, poses: PoseArray, sequences: np.ndarray, strengths: Sequence[float] = STRENGTHS
) -> FittedHead:
    """Fit a head to N photos, with the strength of the ridge that is best for sequences that were held out.

    Args:
        features: (N, F), finite.
        poses: of the N photos.
        sequences: (N,) the name of each photo's sequence. Neighbours in a sequence are nearly the same photo, so
            photos that are held out one by one would measure memory.
        strengths: to choose from, one for positions and one for quaternions.
    """
    medians = np.mean([_held_out_medians(features, poses, held, strengths) for held in _blocks(sequences)], axis=0)
    as_good = medians <= _AS_GOOD * medians.min(axis=0)  # (strengths, 2)
    position, rotation = (float(np.max(np.array(strengths)[column])) for column in as_good.T)
    of_position, of_rotation = _fit(features, poses, (position, rotation))
    weights = np.concatenate([of_position.weights[:, :3], of_rotation.weights[:, 3:]], axis=1)
    return FittedHead(of_position._replace(weights=weights), position, rotation)


def _blocks(sequences: np.ndarray) -> Iterator[np.ndarray]:
    """Which photos are held out, (N,) bool: neighbouring sequences together, or parts of the list if there is one."""
    names, number = np.unique(sequences, return_inverse=True)
    if len(names) == 1:
        number = np.arange(len(sequences))
    for block in np.array_split(np.unique(number), min(_BLOCKS, len(np.unique(number)))):
        yield np.isin(number, block)


def _held_out_medians(
    features: np.ndarray, poses: PoseArray, held: np.ndarray, strengths: Sequence[float]
) -> np.ndarray:
    """(strengths, 2): median position and rotation error of the photos that are held out."""
    rest, kept = (poses.take(which) for which in (~held, held))
    found = [pose_errors(head(features[held]), kept) for head in _fit(features[~held], rest, strengths)]
    return np.array([[np.median(part) for part in errors] for errors in found])


def _fit(features: np.ndarray, poses: PoseArray, strengths: Sequence[float]) -> list[LinearHead]:
    """A head for each strength. There are more features than photos, so the equations are those of the N photos."""
    mean, scale = features.mean(axis=0), features.std(axis=0) + 1e-3  # what hardly varies is not blown up
    normal = (features - mean) / scale
    signs = np.sign(poses.quaternion_wxyz @ quaternion.mean(poses.quaternion_wxyz))[:, None]  # q and -q are the same
    targets = np.concatenate([poses.position_m, np.where(signs < 0, -1, 1) * poses.quaternion_wxyz], axis=1)
    bias = targets.mean(axis=0)
    values, vectors = np.linalg.eigh((normal @ normal.T).astype(np.float64))
    seen = vectors.T @ (targets - bias)
    parts = np.stack([vectors @ (seen / (values + strength * values.mean())[:, None]) for strength in strengths])
    weights = normal.T @ parts.astype(normal.dtype)  # all at once: (strengths, F, 7)
    return [LinearHead(mean, scale, one, bias) for one in weights]
