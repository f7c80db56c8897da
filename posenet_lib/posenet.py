"""Where `Pose` and `PoseNetOutput` used to be: students' recorded answers import them from here."""

from posenet_lib.geometry.poses import Pose
from posenet_lib.models.posenet import PoseNetOutput

__all__ = ["Pose", "PoseNetOutput"]
