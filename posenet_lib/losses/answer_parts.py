"""The two errors inside a student's PoseLoss, taken apart without knowing how they are written."""

from collections.abc import Callable

from torch import Tensor

from posenet_lib.heads import Pose
from posenet_lib.posenet import PoseNetOutput


class AnswerParts:
    """Position error and rotation error of a `PoseLoss`, over all heads.

    The loss grows with beta along a straight line: what it is at beta 0 is the position's part, and what one more
    beta adds is the rotation's. Whatever norms and heads the student's loss has, a wrapper gets them too.

    Args:
        pose_loss: the student's class.
        head_weights: for (aux1, aux2, main).
    """

    def __init__(self, pose_loss: Callable[..., Callable], head_weights: tuple[float, float, float]):
        self._at_zero = pose_loss(beta=0.0, head_weights=head_weights)
        self._at_one = pose_loss(beta=1.0, head_weights=head_weights)

    def position(self, output: PoseNetOutput, target: Pose) -> Tensor:
        """Metres, a scalar."""
        return self._at_zero(output, target)

    def rotation(self, output: PoseNetOutput, target: Pose) -> Tensor:
        """In the quaternion's own length, a scalar."""
        return self._at_one(output, target) - self._at_zero(output, target)
