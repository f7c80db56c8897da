"""How large the pictures are that a run learns from: the paper's squares, or wide ones at half the size.

Half where time is short, and where the run starts from weights that were learned at half.
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
# On the practice court, with walks of the training photos as test and as much time for both: 11 epochs at 224 pixels
# ended at 1.35 m and 8.3 degrees, 36 epochs at 112 at 0.81 and 1.01 m and 5.9 degrees (two seeds). On RedKitchen, with
# blocks of the training photos as test: 14 epochs at 224 at 0.11 m and 7.4 degrees, 45 epochs at 112 at 0.17 to 0.19 m
# and 6.8 to 7.4 degrees. Beyond about 20 epochs nothing was compared, and the paper's size stays.
_FEWEST_EPOCHS = 20
_PAPERS = "the paper's size"
README_PASSES = 31  # over the training photos: what the results in README took on two cores of a laptop's kind
_NEARLY = 0.7  # of those passes; with so many the results are about the same
# The trunk that comes with the workbook knows things at this size. On a court that it had not seen, 36 epochs from it
# ended at 0.52 m and 3.6 degrees at 112 pixels, at 0.71 m and 3.8 degrees at 224 (one seed).
_AS_LEARNED = "the size at which the start weights were learned"
_FULL_TAKES = 3.5  # times as long as half: measured on processors with AVX2 and with AVX-512
# A wide crop takes nearly twice as long, and was better after the same time: four trials on PracticeCourt (walks of the
# training photos as test, three choices of walks, with these weights, as many passes as two cores held to AVX2 make in
# eight minutes), centre crop: square 0.73, 0.79, 0.90, 0.85 m and 5.0, 4.8, 4.9, 4.6 degrees; wide 0.54, 0.66, 0.83,
# 0.69 m and 4.7, 3.9, 4.2, 3.8 degrees. RedKitchen (blocks of its training photos): square 0.18, 0.18 m and 7.8, 6.2
# degrees, wide 0.14 m and 7.3 degrees. From scratch it made no difference (court, one each: 0.92 m and 5.7 degrees,
# 0.86 m and 6.4 degrees). On both scenes, wide crops inside the photo came to 0.59, 0.59 and 0.17, 0.24 m; over the
# edges by up to 64 pixels to 0.78, 0.64 and 0.18, 0.15 m, and after twice as many passes to 0.52, 0.54 and 0.12,
# 0.14 m, where squares came to 0.67 and 0.19 m. No better: wide crops of 160 pixels, a trunk that learns more slowly,
# half the learning rate, a frozen beginning, turns about the viewing axis (all of this on an NVIDIA H200; over the
# edges by 32 pixels, as it is now, and from scratch on a CPU in bf16). Nor on PracticeCourt, beside 0.54 and 0.66 m and
# 4.7 and 3.9 degrees in as much time: stem, 3a and 3b frozen all along, 45 passes (0.58, 0.60 m; 4.0, 5.2 degrees),
# less dropout and no hidden patches (0.67, 0.64 m; 3.7, 4.0 degrees), a main head that reads the means over 2 x 3 parts
# of the last features (0.73, 0.66 m; 5.1, 4.2 degrees).


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
    step_s = seconds_per_step(dataclasses.replace(config, image_size=size, crop=crop), shape)
    times = 1.0 if shape == SQUARE else _FULL_TAKES * HALF**2 / math.prod(shape)
    return TrainingPlan(size, crop, shape, step_s, step_s * times, reason)
