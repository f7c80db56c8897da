"""Settings of `posenet weights pretrain`."""

import math
from dataclasses import dataclass

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.settings import check_choices, check_seed, option


@dataclass(frozen=True)
class PretrainConfig:
    """`posenet weights pretrain`."""

    # The courts. PracticeCourt is seed 0 and is never among them; students' own have seeds from 10000 up.
    first_seed: int = option(1000, "the first court")
    courts: int = option(112, "how many courts")
    photos: int = option(120, "photos of each")
    trunk: str = option("googlenet-bn", "which convolutions", ("googlenet", "googlenet-bn"))

    # The run
    max_minutes: float = option(4.1, "how long to train, rendering not counted")
    batch_size: int = option(128, "crops in a step")
    learning_rate: float = option(2e-3, "at the top of a cosine")
    beta: float = option(3.0, "weight of the rotation error")
    depth_weight: float = option(0.5, "weight of the error of the logarithm of depth")
    dropout: float = option(0.2, "of the main head")
    aux_dropout: float = option(0.3, "of the auxiliary heads")
    aux_weight: float = option(0.3, "weight of each auxiliary head's loss")
    seed: int = option(0, "of weights, order, crops")

    def __post_init__(self):
        check_choices(self)
        check_seed(self.seed)
        for name, valid, words in (
            ("first_seed", self.first_seed >= 1, "at least 1"),
            ("courts", self.courts >= 1, "at least 1"),
            ("photos", self.photos >= 2, "at least 2"),
            ("batch_size", self.batch_size >= 2, "at least 2"),
            ("max_minutes", 0.01 <= self.max_minutes < math.inf, "at least 0.01, and finite"),
            ("learning_rate", 0 < self.learning_rate < math.inf, "above 0, and finite"),
            ("beta", 0 <= self.beta < math.inf, "0 or more, and finite"),
            ("depth_weight", 0 <= self.depth_weight < math.inf, "0 or more, and finite"),
            ("dropout", 0 <= self.dropout < 1, "from 0 to below 1"),
            ("aux_dropout", 0 <= self.aux_dropout < 1, "from 0 to below 1"),
            ("aux_weight", 0 <= self.aux_weight < math.inf, "0 or more, and finite"),
        ):
            if not valid:
                raise WorkbookError(f"{name} is {getattr(self, name)}; it must be {words}")
