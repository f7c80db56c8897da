"""One training step, and how long it takes."""

import pytest
import torch

from posenet_lib.core.config import TrainConfig
from posenet_lib.core.device import make_accelerator
from posenet_lib.models.posenet import PoseNet
from posenet_lib.training.step import TrainingStep, random_batch, seconds_per_step, stand_in_loss
from posenet_lib.workbook import load_answer
from tests.support.places import ANSWERS


def test_time_of_a_step_is_positive_and_soon_known():
    config = TrainConfig(trunk="googlenet-bn", batch_size=2, device="cpu", image_size=112)
    assert seconds_per_step(config, (112, 112), steps=1) > 0


@pytest.mark.parametrize("clip_norm", [0.0, 0.5])
def test_a_students_step_takes_the_place_of_the_librarys(clip_norm):
    """The reference of notebook 05's `train_step` leaves the same network, and is really called."""
    config = TrainConfig(
        trunk="resnet18", batch_size=2, device="cpu", precision="float32", image_size=112, clip_norm=clip_norm
    )
    calls, reference = [], load_answer("train_step", ANSWERS)

    def students(*arguments):
        calls.append(arguments[-1])
        return reference(*arguments)

    results = []
    for plain_step in (None, students):
        torch.manual_seed(0)
        step = TrainingStep(
            make_accelerator(config), config, PoseNet.from_config(config).train(), stand_in_loss, plain_step
        )
        losses = [step(random_batch(2, input_shape=(112, 112))) for _ in range(2)]
        results.append((torch.stack(losses), torch.cat([part.reshape(-1) for part in step.model.parameters()])))
    assert calls == [clip_norm or 1e9] * 2, "a run that does not clip says so by a length that no gradient has"
    for library, own in zip(*results, strict=True):
        torch.testing.assert_close(own, library)
