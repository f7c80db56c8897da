"""Settings: bad values name the valid ones."""

import pytest

from posenet_lib.core.config import TrainConfig
from posenet_lib.core.errors import WorkbookError


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"epochs": 0}, "epochs is 0; it must be at least 1"),
        ({"seed": -1}, "seed is -1; it must be from 0 to 4294967295"),
        ({"seed": 2**32}, "seed is 4294967296; it must be from 0"),
        ({"batch_size": 1}, "batch_size is 1"),
        ({"validation_fraction": 0.0}, "validation_fraction"),
        ({"weight_decay": -1.0}, "weight_decay is -1.0; it must be 0 or more"),
        ({"adam_beta2": 1.0}, "adam_beta2 is 1.0; it must be from 0 to below 1"),
        ({"clip_norm": -1.0}, "clip_norm is -1.0"),
        ({"aux_weight": float("nan")}, "aux_weight is nan"),
        ({"beta": float("inf")}, "beta is inf; it must be 0 or more, and finite"),
        ({"learning_rate": float("inf")}, "learning_rate is inf"),
        ({"schedule": "linear"}, "'linear'; choose one of cosine, step, constant"),
    ],
)
def test_bad_settings_name_the_valid_ones(settings, words):
    with pytest.raises(WorkbookError, match=words):
        TrainConfig(**settings)


def test_unknown_settings_raise():
    with pytest.raises(WorkbookError, match="momentum"):
        TrainConfig.from_dict({"momentum": 0.9})
