"""Losses beyond the student's own: wrappers around a position error and a rotation error, and pixels."""

from posenet_lib.losses.answer_parts import AnswerParts
from posenet_lib.losses.learned_weighting import LearnedWeighting
from posenet_lib.losses.reprojection import Reprojection
from posenet_lib.losses.scene_loss import SceneLoss

__all__ = ["AnswerParts", "LearnedWeighting", "Reprojection", "SceneLoss"]
