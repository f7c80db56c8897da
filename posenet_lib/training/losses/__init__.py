"""Losses to train with, listed in `core.choices.LOSSES`: each is a file with a function that makes one."""

from posenet_lib.core.choices import LOSSES, find
from posenet_lib.training.losses.parts import LossParts, PoseLoss


def make_loss(parts: LossParts) -> PoseLoss:
    """The loss that the settings name.

    Raises:
        WorkbookError: it needs something that the scene does not have.
    """
    return find(LOSSES[parts.config.loss])(parts)
