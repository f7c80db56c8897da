"""A stage of a run: what an epoch learns from, and how it is judged."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from torch.utils.data import DataLoader

from posenet_lib.data.batches import EpochOrder
from posenet_lib.evaluation.errors import Summary
from posenet_lib.training.step import TrainingStep


class Drawn(Protocol):
    """A data set that is drawn anew for each epoch."""

    def start_epoch(self, epoch: int, progress: float) -> None:
        """Choose this epoch's crops and changes; `progress` (0..1) is how much of the run is done."""


class Stage(NamedTuple):
    """One way to spend an epoch: with the whole network on photos, or with the main head on stored features."""

    step: TrainingStep
    learn: Drawn
    order: EpochOrder
    batches: DataLoader
    judge: Callable[[], tuple[float, Summary]]  # the judging loss and the errors on the held-out photos

    def start_epoch(self, epoch: int, progress: float) -> None:
        """Draw the epoch's crops, changes and order; by these two alone, so that a resumed run draws the same."""
        self.learn.start_epoch(epoch, progress)
        self.order.epoch = epoch
