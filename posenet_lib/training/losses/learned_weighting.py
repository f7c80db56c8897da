"""Position against rotation, weighted by what the training finds.

Kendall, Cipolla, "Geometric loss functions for camera pose regression with deep learning", CVPR 2017, section 3.3:
each error has a variance of its own, and the network learns both. No beta has to be searched for each scene.
"""

import torch
from torch import Tensor, nn

from posenet_lib.geometry.poses import Pose
from posenet_lib.models.posenet import PoseNetOutput
from posenet_lib.training.losses.parts import LossParts, PoseLoss


class LearnedWeighting(nn.Module):
    """`L_x exp(-s_x) + s_x + L_q exp(-s_q) + s_q`, equation 7, with s_x and s_q trained.

    Each s settles at the logarithm of its error, so exp(s_x - s_q) takes beta's place. The loss becomes negative as
    the errors fall: that is meant. The start values are the paper's.
    """

    def __init__(self, position_error: PoseLoss, rotation_error: PoseLoss):
        super().__init__()
        self._errors = (position_error, rotation_error)  # in a tuple: they are no parts to be saved
        self.s_position = nn.Parameter(torch.tensor(0.0))
        self.s_rotation = nn.Parameter(torch.tensor(-3.0))

    def forward(self, output: PoseNetOutput, target: Pose) -> Tensor:
        """Scalar."""
        position, rotation = (error(output, target) for error in self._errors)
        return (
            position * torch.exp(-self.s_position)
            + self.s_position
            + rotation * torch.exp(-self.s_rotation)
            + self.s_rotation
        )

    @property
    def beta(self) -> float:
        """The fixed beta that would weigh the errors as this loss does now."""
        return float(torch.exp(self.s_position - self.s_rotation).detach())


def learned(parts: LossParts) -> LearnedWeighting:
    """Of `choices.LOSSES`."""
    return LearnedWeighting(parts.position, parts.rotation)
