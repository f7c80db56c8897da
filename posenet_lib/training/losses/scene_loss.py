"""A loss that knows the scene."""

import numpy as np
from torch import Tensor, nn

from posenet_lib.geometry.poses import Pose
from posenet_lib.models.posenet import PoseNetOutput


class SceneLoss(nn.Module):
    """What training gives to such a loss beside prediction and truth: each photo's points, and how far the run is."""

    points_m: np.ndarray  # (N, P, 3) for all training photos, in the list's order

    def forward(self, output: PoseNetOutput, target: Pose, points_m: Tensor, progress: float) -> Tensor:
        """Scalar, for [B, P, 3] points in the batch's photos and progress 0..1."""
        raise NotImplementedError
