"""How large the pictures are that a run learns from: the paper's size, or half of it.

Half where time is short, and where the run starts from weights that were learned at half.
"""

import dataclasses
import math
from typing import NamedTuple

from posenet_lib.core.config import PAPER_SIZE, TrainConfig
from posenet_lib.core.wording import counted
from posenet_lib.training.step import seconds_per_step
from posenet_lib.weights.pretrained import COURTS

HALF = 112  # pixels
# On the practice court, with walks of the training photos as test and as much time for both: 11 epochs at 224 pixels
# ended at 1.35 m and 8.3 degrees, 36 epochs at 112 at 0.81 and 1.01 m and 5.9 degrees (two seeds). On RedKitchen, with
# blocks of the training photos as test: 14 epochs at 224 at 0.11 m and 7.4 degrees, 45 epochs at 112 at 0.17 to 0.19 m
# and 6.8 to 7.4 degrees. Beyond about 20 epochs nothing was compared, and the paper's size stays.
_FEWEST_EPOCHS = 20
_PAPERS = "the paper's size"
README_PASSES = 36  # over the training photos: what the results in README took on two cores of a laptop's kind
_NEARLY = 0.7  # of those passes; with so many the results are about the same
# The trunk that comes with the workbook knows things at this size. On a court that it had not seen, 36 epochs from it
# ended at 0.52 m and 3.6 degrees at 112 pixels, at 0.71 m and 3.8 degrees at 224 (one seed).
_AS_LEARNED = "the size at which the start weights were learned"
_FULL_TAKES = 3.5  # times as long as half: measured on processors with AVX2 and with AVX-512


class TrainingPlan(NamedTuple):
    """The size, and why."""

    image_size: int
    step_s: float  # of one training step at this size
    paper_step_s: float  # of one at the paper's size, measured or estimated
    reason: str

    def shortfall(self, config: TrainConfig, photos: int) -> str | None:
        """A line for a run that will see its photos far less often than those in README did; None for all others."""
        steps = max(1, photos // config.batch_size)
        passes = 60 * (config.max_minutes or 0) / (self.step_s * steps)
        if not config.max_minutes or passes >= _NEARLY * README_PASSES:
            return None
        enough = math.ceil(README_PASSES * self.step_s * steps / 60)
        return (
            f"In {counted(config.max_minutes, 'minute')} this computer will see each photo about "
            f"{counted(round(passes), 'time')}; README's results took {README_PASSES} passes. Expect "
            f"worse ones, or give it {counted(enough, 'minute')}, or a GPU"
        )


def plan_training(config: TrainConfig, photos: int) -> TrainingPlan:
    """Choose the size for a run with `max_minutes` by measuring steps; a size that the settings name is taken.

    Args:
        photos: in one epoch.
    """
    if config.image_size is None and config.pretrained == COURTS:
        half_s = seconds_per_step(dataclasses.replace(config, image_size=HALF))
        return TrainingPlan(HALF, half_s, half_s * _FULL_TAKES, _AS_LEARNED)
    if config.image_size is not None or not config.max_minutes:
        size = config.input_size
        step_s = seconds_per_step(dataclasses.replace(config, image_size=size))
        paper_step_s = step_s if size == PAPER_SIZE else step_s * (PAPER_SIZE / size) ** 2
        return TrainingPlan(size, step_s, paper_step_s, "as the settings say" if config.image_size else _PAPERS)
    half_s = seconds_per_step(dataclasses.replace(config, image_size=HALF))
    steps = max(1, photos // config.batch_size)
    epochs = 60 * config.max_minutes / (half_s * _FULL_TAKES * steps)
    if epochs < _FEWEST_EPOCHS:
        seen = counted(round(epochs), "time")
        reason = f"at {PAPER_SIZE} pixels this computer would see the photos about {seen} in this time"
        return TrainingPlan(HALF, half_s, half_s * _FULL_TAKES, reason)
    return TrainingPlan(PAPER_SIZE, half_s * _FULL_TAKES, half_s * _FULL_TAKES, _PAPERS)
