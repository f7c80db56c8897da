"""How the learning rate moves over a run."""

import pytest
from torch import nn

from posenet_lib.core.config import TrainConfig
from posenet_lib.training.schedule import learning_rate, make_optimizer, plateaus


def test_plateaus_are_counted_from_the_history():
    assert plateaus([], 2) == 0
    assert plateaus([5, 4, 3, 2], 2) == 0
    assert plateaus([5, 6, 5], 2) == 1
    assert plateaus([5, 6, 5, 5, 5], 2) == 2
    assert plateaus([5, 6, 4, 6, 7, 3, 3, 3], 2) == 2
    losses = [5.0, 4.0, 4.5, 4.6, 4.7, 3.0, 3.1]
    config = TrainConfig(schedule="plateau", patience=3, warmup=0.1, learning_rate=1.0)
    rates = [learning_rate(config, 0.5, losses[:epoch]) for epoch in range(len(losses) + 1)]
    assert rates == [1, 1, 1, 1, 1, 0.5, 0.5, 0.5]
    assert learning_rate(config, 0.05, losses) == pytest.approx(0.5), "warming up"


def test_schedules():
    def rates(schedule):
        config = TrainConfig(schedule=schedule, learning_rate=1.0, warmup=0.1)
        return [learning_rate(config, progress) for progress in (0.05, 0.1, 0.5, 0.7, 1.0)]

    assert rates("constant") == pytest.approx([0.5, 1, 1, 1, 1])
    assert rates("step") == pytest.approx([0.5, 1, 0.5, 0.25, 0.25])
    cosine = rates("cosine")
    assert cosine == sorted(cosine[:1]) + sorted(cosine[1:], reverse=True)
    assert cosine[-1] == pytest.approx(0)


@pytest.mark.parametrize(
    ("settings", "beta2"),
    [({}, 0.95), ({"optimizer": "adam"}, 0.999), ({"adam_beta2": 0.98}, 0.98), ({"adam_beta2": 0.0}, 0.0)],
)
def test_how_long_the_gradients_sizes_are_remembered(settings, beta2):
    optimizer = make_optimizer(nn.Linear(2, 2), TrainConfig(**settings))
    assert {group["betas"] for group in optimizer.param_groups} == {(0.9, beta2)}
