"""One run's epochs, and where in the run they are; `fit` decides what to do with the result."""

import math
import time
from collections.abc import Sequence
from typing import NamedTuple

import torch
from accelerate.utils import broadcast_object_list
from torch import Tensor
from torch.utils.data import DataLoader

from posenet_lib.core.config import TrainConfig
from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.progress import progress_bar
from posenet_lib.training.schedule import learning_rate, set_learning_rate
from posenet_lib.training.step import TrainingStep

DEFAULT_EPOCHS = 40


class RunClock:
    """How far a run is: by epochs, by the time that it may take, or by whichever is further.

    Args:
        already_s: training time before an interruption.
    """

    def __init__(self, config: TrainConfig, *, processes: int = 1, already_s: float = 0.0):
        self.epochs = config.epochs or (None if config.max_minutes else DEFAULT_EPOCHS)
        self._minutes, self._processes = config.max_minutes, processes
        self._began = time.perf_counter() - already_s

    def elapsed_s(self) -> float:
        """Training time so far, without the pauses between interruption and resume."""
        return time.perf_counter() - self._began

    def progress(self, epoch: float) -> float:
        """How much of the run is done after so many epochs, 0..1."""
        by_epochs = epoch / self.epochs if self.epochs else 0.0
        if not self._minutes:
            return by_epochs
        clock = [self.elapsed_s() / (60 * self._minutes)]
        if self._processes > 1:  # all processes must stop at the same step
            broadcast_object_list(clock)
        return max(by_epochs, clock[0])


class TrainedEpoch(NamedTuple):
    """What one pass over the photos gave; with the judgement on held-out photos it becomes a `history.EpochRecord`."""

    train_loss: float  # mean over the steps
    photos_per_s: float
    share: float  # of the steps: below 1 if the time was up


def train_epoch(
    step: TrainingStep,
    batches: DataLoader,
    config: TrainConfig,
    clock: RunClock,
    epoch: int,
    *,
    held_out_losses: Sequence[float] = (),
    show_progress: bool = True,
) -> TrainedEpoch | None:
    """One pass over the photos. It ends early when the time is up; None if that was so before the first step.

    Args:
        epoch: counted from 0.
        held_out_losses: of the epochs before, for a learning rate that follows them.

    Raises:
        WorkbookError: the loss is not finite.
    """
    accelerator = step.accelerator
    step.model.train()
    losses: list[Tensor] = []
    photos, began = 0, time.perf_counter()
    bar = progress_bar(
        batches,
        desc=f"Epoch {epoch + 1}" + (f"/{clock.epochs}" if clock.epochs else ""),
        unit="step",
        leave=False,
        disable=not (show_progress and accelerator.is_local_main_process),
    )
    for number, batch in enumerate(bar):
        progress = clock.progress(epoch + number / len(batches))
        if progress >= 1 and (epoch, number) != (0, 0):  # a run has at least one step, however short its time
            bar.total = bar.n  # a bar that stops before its total would stay in a notebook, red as after an error
            break
        set_learning_rate(step.optimizer, learning_rate(config, progress, held_out_losses))
        losses.append(step(batch, progress))
        photos += len(batch.image) * accelerator.num_processes
        if number % 10 == 0:
            bar.set_postfix_str(f"loss {losses[-1].item():.3g}")
    bar.close()
    if not losses:
        return None
    mean_loss = accelerator.reduce(torch.stack(losses).mean(), "mean").item()
    if not math.isfinite(mean_loss):
        raise WorkbookError(
            f"the loss became {mean_loss} in epoch {epoch + 1}; look at PoseLoss for a division by zero or a "
            "square root of zero, or lower --learning-rate"
        )
    return TrainedEpoch(mean_loss, photos / (time.perf_counter() - began), len(losses) / len(batches))
