"""Camera poses as plain arrays, for everything that needs no gradient."""

from typing import NamedTuple

import numpy as np


class PoseArray(NamedTuple):
    """N poses as NumPy arrays."""

    position_m: np.ndarray  # (N, 3)
    quaternion_wxyz: np.ndarray  # (N, 4) unit length, w >= 0


class PoseSigma(NamedTuple):
    """How far N photos' sampled answers lie from their mean: root mean squares, so one number for all directions."""

    position_m: np.ndarray  # (N,)
    rotation_deg: np.ndarray  # (N,)
