"""Beta, the weight of the rotation error, for a scene of any size and unit."""

import numpy as np

from posenet_lib.core.config import TrainConfig
from posenet_lib.geometry import quaternion
from posenet_lib.scenes.scene import Split

# Of the balanced beta, what training takes unless it is told. Orientation is learned faster than position, so a balance
# at the start weighs it too much at the end. On RedKitchen half of the balanced beta and less gave better positions
# than the balanced one, and no worse orientations.
BALANCED_SHARE = 1 / 3


def beta_for(config: TrainConfig, train: Split) -> float:
    """The beta that the settings give, or a share of the balanced one."""
    return config.beta if config.beta is not None else BALANCED_SHARE * balanced_beta(train)


def balanced_beta(train: Split) -> float:
    """The beta at which both terms of the loss start equally large: spread of positions over spread of orientations.

    Spread is the mean distance from the mean pose, in metres and in the quaternion's own length. Kendall et al. 2015,
    section 3.1, find the best beta where both errors are balanced.
    """
    poses = train.poses
    mean_wxyz = quaternion.mean(poses.quaternion_wxyz)
    nearer = np.where(poses.quaternion_wxyz @ mean_wxyz < 0, -1.0, 1.0)[:, None] * poses.quaternion_wxyz
    position_m = np.linalg.norm(poses.position_m - poses.position_m.mean(axis=0), axis=1).mean()
    rotation = np.linalg.norm(nearer - mean_wxyz, axis=1).mean()
    return float(position_m / max(rotation, 1e-3))
