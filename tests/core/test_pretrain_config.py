"""Impossible settings of `posenet weights pretrain` are refused before a hundred courts are rendered."""

import math

import pytest

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.pretrain_config import PretrainConfig


@pytest.mark.parametrize("value", [math.nan, -1.0, math.inf])
@pytest.mark.parametrize(
    "name", ["max_minutes", "learning_rate", "beta", "depth_weight", "dropout", "aux_dropout", "aux_weight"]
)
def test_numbers_that_cannot_be(name, value):
    with pytest.raises(WorkbookError, match=rf"^{name} is {value}; it must be "):
        PretrainConfig(**{name: value})


@pytest.mark.parametrize(("name", "value"), [("dropout", 1.0), ("aux_dropout", 1.5), ("seed", -1), ("photos", 1)])
def test_numbers_out_of_range(name, value):
    with pytest.raises(WorkbookError, match=rf"^{name} is {value}; it must be "):
        PretrainConfig(**{name: value})


def test_the_usual_ones_are_possible():
    assert PretrainConfig() == PretrainConfig(beta=3.0)
