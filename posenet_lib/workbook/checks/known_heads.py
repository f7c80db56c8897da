"""The probe for `PoseLoss`: three heads whose errors are known by hand."""

import numpy as np

from posenet_lib.geometry.poses import Pose
from posenet_lib.models.posenet import PoseNetOutput
from posenet_lib.workbook.checks.known_poses import NON_UNIT, Probe

DEFAULT_BETA, DEFAULT_WEIGHTS = 500.0, (0.3, 0.3, 1.0)
OTHER_WEIGHTS = (0.5, 0.25, 2.0)
# Mean errors of the three heads, in the order aux1, aux2, main: NON_UNIT's own, and those scaled by 2 and 3.
METRES, QUATERNION = np.array([7.0, 14.0, 21.0]), np.array([1.6, 0.8, 1.6 / 3]) / 3
HEADS = "The position errors of aux1, aux2, main are 7, 14, 21 m, their quaternion errors 0.533, 0.267, 0.178."


def batch() -> tuple[PoseNetOutput, Pose]:
    """Fresh predictions of all three heads, and their target."""
    heads = []
    for scale in (1, 2, 3):
        photos = tuple(
            photo._replace(
                position_error=tuple(scale * number for number in photo.position_error),
                quaternion_error=tuple(number / scale for number in photo.quaternion_error),
            )
            for photo in NON_UNIT
        )
        predicted, target = Probe(photos, 0.0).poses()
        heads.append(predicted)
    aux1, aux2, main = heads
    return PoseNetOutput(main, aux1, aux2), target
