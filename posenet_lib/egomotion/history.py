"""What a training run of depth and motion networks writes down each time the networks are judged."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Judgement:
    """Where a run stands. Without labels: the held-out loss is the training's own, on a walk that was held out."""

    step: int
    train_loss: float  # mean since the judgement before
    held_out_loss: float
    learning_rate: float
    elapsed_s: float  # training time since the run began, interruptions not counted
    photos_per_s: float
