"""Losses beyond the student's own: wrappers around a position error and a rotation error."""

from posenet_lib.losses.answer_parts import AnswerParts
from posenet_lib.losses.learned_weighting import LearnedWeighting

__all__ = ["AnswerParts", "LearnedWeighting"]
