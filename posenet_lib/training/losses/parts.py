"""What losses are made of: the student's loss, whole and taken apart, the scene, and the settings."""

import functools
from collections.abc import Callable
from typing import NamedTuple

from torch import Tensor

from posenet_lib.core.config import TrainConfig
from posenet_lib.geometry.poses import Pose
from posenet_lib.models.posenet import PoseNetOutput
from posenet_lib.scenes.scene import Scene

PoseLoss = Callable[[PoseNetOutput, Pose], Tensor]  # a scalar


class LossParts(NamedTuple):
    """What there is to make a loss of."""

    whole: PoseLoss  # the student's, with beta and the heads' weights
    position: PoseLoss  # its position error alone, metres, over all heads
    rotation: PoseLoss  # its rotation error alone, in the quaternion's own length, over all heads
    scene: Scene
    config: TrainConfig


class AnswerParts:
    """Position error and rotation error of a `PoseLoss`, over all heads.

    The loss grows with beta along a straight line: what it is at beta 0 is the position's part, and what one more
    beta adds is the rotation's. Whatever norms and heads the student's loss has, a wrapper gets them too.

    Args:
        pose_loss: the student's class.
        head_weights: for (aux1, aux2, main).
    """

    def __init__(self, pose_loss: Callable[..., PoseLoss], head_weights: tuple[float, float, float]):
        self._made = functools.cache(lambda beta: pose_loss(beta=beta, head_weights=head_weights))

    def position(self, output: PoseNetOutput, target: Pose) -> Tensor:
        """Metres, a scalar."""
        return self._made(0.0)(output, target)

    def rotation(self, output: PoseNetOutput, target: Pose) -> Tensor:
        """In the quaternion's own length, a scalar."""
        return self._made(1.0)(output, target) - self._made(0.0)(output, target)
