"""One training step, and how long it takes."""

from posenet_lib.core.config import TrainConfig
from posenet_lib.training.step import seconds_per_step


def test_time_of_a_step_is_positive_and_soon_known():
    assert seconds_per_step(TrainConfig(trunk="googlenet-bn", batch_size=2, device="cpu"), steps=1) > 0
