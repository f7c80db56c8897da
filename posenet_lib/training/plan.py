"""How large the pictures are that a run learns from: the paper's squares, or wide ones at half the size.

Half where time is short, and where the run starts from weights that were learned at half. A wide crop takes nearly
twice as long as a square, and was better after the same time in all four trials.
"""

import dataclasses
import math
from collections.abc import Sequence
from typing import NamedTuple

from posenet_lib.core.config import PAPER_SIZE, TrainConfig
from posenet_lib.core.wording import counted
from posenet_lib.data.transforms import SQUARE, input_shape, window_of
from posenet_lib.training.step import seconds_per_step
from posenet_lib.weights.pretrained import COURTS

HALF = 112  # pixels
# All choices here were made on photos of training walks, see data/trials/README.md. From scratch, in as much time, half
# was far better on PracticeCourt, where 224 pixels left 11 passes, and a little worse in position on RedKitchen, where
# they left 14. Beyond about 20 epochs nothing was compared, and the paper's size stays.
_FEWEST_EPOCHS = 20
_PAPERS = "the paper's size"
README_PASSES = 31  # over the training photos: what the results in README took on two cores of a laptop's kind
_NEARLY = 0.7  # of those passes; with so many the results are about the same
# The trunk that comes with the workbook knows things at this size: on a court that it had not seen, as many passes at
# 224 pixels ended a third worse in position.
_AS_LEARNED = "the size at which the start weights were learned"
_FULL_TAKES = 3.5  # times as long as half: measured on processors with AVX2 and with AVX-512


class TrainingPlan(NamedTuple):
    """The size, and why."""

    image_size: int
    crop: str
    input_shape: tuple[int, int]  # (h, w) of the pictures, which follows from both and the photos
    step_s: float  # of one training step at this size
    paper_step_s: float  # of one at the paper's size, measured or estimated
    reason: str

    @property
    def pixels(self) -> str:
        """For people, as "192 x 112 pixels": width, then height."""
        height, width = self.input_shape
        return f"{width} x {height} pixels"

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


def plan_training(config: TrainConfig, photos: int, image_shape: Sequence[int]) -> TrainingPlan:
    """Choose the pictures for a run by measuring steps; what the settings name is taken.

    Args:
        photos: in one epoch.
        image_shape: (H, W, 3) of the resized photos.
    """
    if config.image_size is None and config.pretrained == COURTS:
        return _plan(config, HALF, "wide", image_shape, _AS_LEARNED)
    if config.image_size is not None or not config.max_minutes:
        reason = "as the settings say" if config.image_size or config.crop else _PAPERS
        return _plan(config, config.input_size, "square", image_shape, reason)
    half = _plan(config, HALF, "wide", image_shape, "")
    steps = max(1, photos // config.batch_size)
    whole_step_s = half.step_s * _FULL_TAKES if config.crop == "wide" else half.paper_step_s
    epochs = 60 * config.max_minutes / (whole_step_s * steps)
    if epochs < _FEWEST_EPOCHS:
        seen = counted(round(epochs), "time")
        return half._replace(
            reason=f"at {PAPER_SIZE} pixels this computer would see the photos about {seen} in this time"
        )
    if config.crop == "wide":
        return _plan(config, PAPER_SIZE, "wide", image_shape, "as the settings say")
    return TrainingPlan(PAPER_SIZE, "square", SQUARE, half.paper_step_s, half.paper_step_s, _PAPERS)


def _plan(config: TrainConfig, size: int, crop: str, image_shape: Sequence[int], reason: str) -> TrainingPlan:
    """With this size, and this crop unless the settings name one; a step is measured."""
    crop = config.crop or crop
    shape = input_shape(window_of(image_shape, crop), size)
    plain = dataclasses.replace(config, image_size=size, crop=crop, compile=False)  # it takes a minute
    step_s = seconds_per_step(plain, shape)
    times = 1.0 if shape == SQUARE else _FULL_TAKES * HALF**2 / math.prod(shape)
    return TrainingPlan(size, crop, shape, step_s, step_s * times, reason)
