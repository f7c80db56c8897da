"""What a trained network answers: the poses of N photos and, from Monte-Carlo dropout, how sure it is."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import Pose, PoseArray, PoseSigma


class Prediction(NamedTuple):
    """Poses of N photos and, from Monte-Carlo dropout, how sure the network is."""

    poses: PoseArray
    sigma: PoseSigma | None = None


def unit_poses(raw: Pose) -> PoseArray:
    """The network's raw quaternion becomes a unit one here, and only here (Kendall et al. 2015, section 3.1)."""
    quaternion_wxyz = quaternion.normalise(raw.quaternion_wxyz.double().cpu().numpy())
    return PoseArray(raw.position_m.double().cpu().numpy(), quaternion.canonical_sign(quaternion_wxyz))


def join_poses(parts: Sequence[PoseArray]) -> PoseArray:
    """One after the other."""
    return PoseArray(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def join_predictions(parts: Sequence[Prediction]) -> Prediction:
    """One prediction from those of several batches."""
    poses = join_poses([part.poses for part in parts])
    if parts[0].sigma is None:
        return Prediction(poses)
    sigmas = zip(*(part.sigma for part in parts), strict=True)
    return Prediction(poses, PoseSigma(*(np.concatenate(arrays) for arrays in sigmas)))


def moved(prediction: Prediction, offset_m: np.ndarray) -> Prediction:
    """Positions plus an offset (3,), in float64: networks of scenes in map coordinates predict without it."""
    poses = prediction.poses._replace(position_m=prediction.poses.position_m + offset_m)
    return prediction._replace(poses=poses)
