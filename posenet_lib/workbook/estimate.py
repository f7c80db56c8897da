"""How long training will take on this computer: a measured step times the number of steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from posenet_lib.core.config import TrainConfig
from posenet_lib.core.wording import counted, time_in_words

if TYPE_CHECKING:  # it takes seconds to import
    from posenet_lib.training.plan import TrainingPlan

# The assignment that this workbook re-creates: King's College, 200 epochs. A student's published run of it.
HANDOUT_PHOTOS, HANDOUT_EPOCHS, HANDOUT_MINUTES = 1220, 200, 4 * 60 + 7


@dataclass(frozen=True)
class TrainingEstimate:
    """Before training starts."""

    plan: "TrainingPlan"
    batch_size: int
    photos: int  # in one epoch
    minutes: float  # of training planned

    @property
    def steps(self) -> float:
        """In the time planned."""
        return 60 * self.minutes / self.plan.step_s

    @property
    def epochs(self) -> float:
        """In the time planned."""
        return self.steps * self.batch_size / self.photos

    @property
    def handout_minutes(self) -> float:
        """What the assignment's run would take here."""
        return HANDOUT_EPOCHS * HANDOUT_PHOTOS / self.batch_size * self.plan.paper_step_s / 60

    def __str__(self) -> str:
        return (
            f"pictures of {self.plan.pixels} ({self.plan.reason})\n"
            f"one step with {self.batch_size} photos takes {self.plan.step_s:.2f} s, "
            f"so {self.batch_size / self.plan.step_s:.0f} photos a second\n"
            f"{counted(self.minutes, 'minute')}: about {counted(round(self.steps), 'step')}, "
            f"or {self.epochs:.1f} epochs of {self.photos} photos\n"
            f"{HANDOUT_EPOCHS} epochs of King's College at 224 pixels: {time_in_words(self.handout_minutes)} here, "
            f"{time_in_words(HANDOUT_MINUTES)} in a student's published run. {self._verdict}"
        )

    @property
    def _verdict(self) -> str:
        times = self.handout_minutes / HANDOUT_MINUTES
        if times < 1:
            return "Much of that student's time went into opening large photo files; here each is opened once."
        return f"Here the steps alone take {times:.1f} times as long: King's College wants a GPU."


def training_estimate(config: TrainConfig, photos: int, image_shape: Sequence[int], minutes: float) -> TrainingEstimate:
    """Measure a few steps on random numbers.

    Args:
        photos: in one epoch.
        image_shape: (H, W, 3) of the resized photos.
        minutes: how long training is to take.
    """
    from posenet_lib.training.plan import plan_training  # takes seconds to import

    return TrainingEstimate(plan_training(config, photos, image_shape), config.batch_size, photos, minutes)
