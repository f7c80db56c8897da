"""How long training will take on this computer: a measured step times the number of steps."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from posenet_lib.core.config import TrainConfig

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
            f"pictures of {self.plan.image_size} x {self.plan.image_size} pixels ({self.plan.reason})\n"
            f"one step with {self.batch_size} photos takes {self.plan.step_s:.2f} s, "
            f"so {self.batch_size / self.plan.step_s:.0f} photos a second\n"
            f"{self.minutes:g} minutes are {self.steps:.0f} steps, about {self.epochs:.0f} epochs of {self.photos} "
            f"photos\n"
            f"{HANDOUT_EPOCHS} epochs of King's College at 224 pixels would take {in_words(self.handout_minutes)} "
            f"here; a student's published run took {in_words(HANDOUT_MINUTES)}"
        )


def training_estimate(config: TrainConfig, photos: int, minutes: float) -> TrainingEstimate:
    """Measure a few steps on random numbers.

    Args:
        photos: in one epoch.
        minutes: how long training is to take.
    """
    from posenet_lib.training.plan import plan_training  # takes seconds to import

    return TrainingEstimate(plan_training(config, photos), config.batch_size, photos, minutes)


def in_words(minutes: float) -> str:
    """247 -> 4 h 07 min."""
    whole = round(minutes)
    return f"{whole // 60} h {whole % 60:02d} min" if whole >= 60 else f"{minutes:.0f} min"
