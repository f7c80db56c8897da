"""Monte-Carlo dropout: many answers for one photo, each with dropout drawn anew; their mean, and their spread.

Kendall, Cipolla, "Modelling uncertainty in deep learning for camera relocalization", ICRA 2016. The draws themselves
are `PoseNet.sample_poses`.
"""

from collections.abc import Sequence

import numpy as np

from posenet_lib.evaluation.prediction import Prediction
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray, PoseSigma


def mean_and_sigma(samples: Sequence[PoseArray]) -> Prediction:
    """From S answers for the same N photos: positions' mean, quaternions' sign-aligned mean, and the spread of both."""
    position_m = np.stack([sample.position_m for sample in samples])  # (S, N, 3)
    quaternion_wxyz = np.stack([sample.quaternion_wxyz for sample in samples])  # (S, N, 4)
    mean = PoseArray(position_m.mean(axis=0), quaternion.aligned_mean(quaternion_wxyz))
    off_m = np.linalg.norm(position_m - mean.position_m, axis=-1)  # (S, N)
    off_deg = quaternion.angle_deg(quaternion_wxyz, mean.quaternion_wxyz[None])
    return Prediction(mean, PoseSigma(*(np.sqrt(np.mean(off**2, axis=0)) for off in (off_m, off_deg))))
