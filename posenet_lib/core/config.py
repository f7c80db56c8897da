"""Settings, one commented dataclass for each command. The command line's options are made from these fields."""

import math
from dataclasses import dataclass
from typing import Any

from posenet_lib.core.choices import LOSSES, TRUNKS
from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.settings import check_choices, check_seed, checked_values, option

HEADS = ("posenet", "poselstm")
PAPER_SIZE = 224  # pixels
IMAGE_SIZES = (112, 160, PAPER_SIZE)
USUAL_MOVE = 0.15  # of the distance to what a photo shows
CROPS = ("square", "wide")
TEST_TIMES = ("centre", "dense", "mc-dropout")


@dataclass(frozen=True)
class TrainConfig:
    """`posenet train`, and training in notebook 05."""

    # How long. Without either, 40 epochs.
    epochs: int | None = option(None, "passes over the training photos (default: 40, unless --max-minutes is given)")
    max_minutes: float | None = option(None, "stop after this time; the learning rate then follows the clock")

    # The network (posenet.py)
    # The two googlenets are one trunk, plain as in 2014 or with batch norm. The others have the main head alone.
    trunk: str = option("googlenet", "which convolutions", tuple(TRUNKS))
    head: str = option("posenet", "what comes after the trunk", HEADS)
    # 224 is the paper's. The crop is the same part of the photo at every size; a smaller picture of it takes less time
    # to learn from (112: less than a third), and shows less. `training.plan` chooses where nothing is said.
    image_size: int | None = option(
        None,
        "shorter side of the network's input in pixels (default: the paper's 224; 112 where --max-minutes is too "
        "short, and with --pretrained courts)",
        IMAGE_SIZES,
    )
    # The paper's crop is square. A wide one takes in most of the photo's longer side (`data.transforms.window_of`).
    crop: str | None = option(
        None,
        "what the network sees of a photo: a square, or most of it (default: square; wide where no --image-size is "
        "given and a smaller one is chosen for you)",
        CROPS,
    )
    pretrained: str | None = option(
        None, "weights to start from: courts, places-googlenet, imagenet, or a file (see pretrained_models/README.md)"
    )
    # A frozen trunk stays as it was loaded, and only the main head learns: from features of a few crops of each photo
    # that are computed once, which makes an epoch a matter of a second (training/frozen_features.py). Then all of the
    # network learns, as usual.
    freeze_trunk: float = option(
        0.0, "share of the run, at its beginning, in which the pretrained trunk is frozen; 1 is all of it"
    )
    frozen_crops: int = option(8, "crops of each photo whose features are kept while the trunk is frozen")
    dropout: float = option(0.5, "share of the main head's features dropped in training")
    aux_dropout: float = option(0.7, "the same for the two auxiliary heads")

    # The loss (losses/). The student's PoseLoss gets beta and the heads' weights. With `learned`, its two parts are
    # weighted by two numbers that are trained with the network, and beta only judges the held-out photos.
    # `reprojection` begins like that and goes on with the distance in pixels of the scene's 3-D points.
    loss: str = option(
        "answer", "your PoseLoss with beta, its parts with learned weights, or pixel distances", tuple(LOSSES)
    )
    reprojection_after: float = option(0.5, "share of the run after which pixel distances are trained with")
    # The paper tunes beta for each scene (120..750 indoors, 250..2000 outdoors) on a network that was pretrained for
    # days. From scratch, in minutes, a smaller one learns far faster: after minutes on RedKitchen, 30 had learned
    # no position at all (0.7 m), 3 had (0.2 m).
    beta: float | None = option(
        None, "weight of the rotation error (default: fits the scene, see training/losses/beta.py)"
    )
    aux_weight: float = option(0.3, "weight of each auxiliary head's loss; the main head's is 1")

    # Changes to the training photos (augmentation.py, crop_turn.py, roll.py), beside the random crop
    colour_jitter: float = option(0.15, "how strongly light and colours change from epoch to epoch")
    erase: float = option(0.4, "probability that a patch of the photo is hidden")
    turn_crops: str = option(
        "auto", "count a crop beside the centre as a turn of the camera, if its focal length is known", ("auto", "off")
    )
    # Photos are few, and the places between them many. What a photo would look like from beside can be computed
    # (data/nearby_views.py): half a minute of preparation for 500 photos, and steps that take 3 % longer. The moves
    # shrink over the run, so that it ends with the photos' own places.
    move: float | None = option(
        None,
        "at first, photos are shown as from beside, up to this share of the distance to what they show (default: "
        f"{USUAL_MOVE} with wide crops, where the focal length is known, else 0)",
    )
    roll: float = option(0.0, "the camera is turned about its viewing axis by up to so many degrees either way")

    # The optimiser
    optimizer: str = option("adamw", "which optimiser", ("adamw", "adam"))
    learning_rate: float = option(1e-3, "at the top of the schedule")
    # Adam divides by the gradients' usual size, a mean over the last 1 / (1 - adam_beta2) steps. Eight minutes of a
    # laptop have 460 steps, and the large gradients of the first ones would make all later steps too small.
    adam_beta2: float | None = option(
        None,
        "how long the optimiser remembers the gradients' sizes, from 0 to below 1 (default: 0.95; with --optimizer "
        "adam 0.999, PyTorch's)",
    )
    weight_decay: float = option(0.01, "AdamW's decoupled decay, or Adam's L2 penalty")
    schedule: str = option("cosine", "how the learning rate falls", ("cosine", "step", "constant", "plateau"))
    patience: int = option(5, "plateau: epochs without a better held-out loss until the rate is halved")
    warmup: float = option(0.05, "share of the run in which the learning rate rises from zero")
    clip_norm: float = option(0.0, "largest gradient norm; 0 does not clip")
    batch_size: int = option(32, "photos in a step, over all processes")

    # What is kept
    validation_fraction: float = option(
        0.05, "share of the training photos held out, as one block, to choose the epoch"
    )

    # The machine
    precision: str = option("auto", "number format of the trunk", ("auto", "float32", "bf16", "fp16"))
    device: str = option("auto", "where to train", ("auto", "cpu"))
    compile: bool = option(
        False, "compile the network: a minute at the start, then faster steps (needs a C++ compiler)"
    )
    seed: int = option(0, "decides the start weights, the order, the crops and the dropout")

    def __post_init__(self):
        for name, valid, words in (
            ("epochs", self.epochs is None or self.epochs >= 1, "at least 1"),
            ("max_minutes", self.max_minutes is None or 0 < self.max_minutes < math.inf, "above 0, and finite"),
            ("batch_size", self.batch_size >= 2, "at least 2"),
            ("learning_rate", 0 < self.learning_rate < math.inf, "above 0, and finite"),
            ("beta", self.beta is None or 0 <= self.beta < math.inf, "0 or more, and finite"),
            ("aux_weight", 0 <= self.aux_weight < math.inf, "0 or more, and finite"),
            ("adam_beta2", self.adam_beta2 is None or 0 <= self.adam_beta2 < 1, "from 0 to below 1"),
            ("weight_decay", 0 <= self.weight_decay < math.inf, "0 or more, and finite"),
            ("clip_norm", 0 <= self.clip_norm < math.inf, "0 (no clipping) or more, and finite"),
            ("validation_fraction", 0 < self.validation_fraction <= 0.5, "above 0 and at most 0.5"),
            ("colour_jitter", 0 <= self.colour_jitter < 1, "from 0 to below 1"),
            ("move", self.move is None or 0 <= self.move <= 0.5, "from 0 to 0.5"),
            ("roll", 0 <= self.roll <= 45, "from 0 to 45 degrees"),
            ("patience", self.patience >= 1, "at least 1"),
            ("reprojection_after", 0 <= self.reprojection_after <= 1, "from 0 to 1"),
            ("erase", 0 <= self.erase <= 1, "from 0 to 1"),
            ("freeze_trunk", 0 <= self.freeze_trunk <= 1, "from 0 to 1"),
            ("frozen_crops", self.frozen_crops >= 1, "at least 1"),
            ("dropout", 0 <= self.dropout < 1, "from 0 to below 1"),
            ("aux_dropout", 0 <= self.aux_dropout < 1, "from 0 to below 1"),
            ("warmup", 0 <= self.warmup < 1, "from 0 to below 1"),
        ):
            if not valid:
                raise WorkbookError(f"{name} is {getattr(self, name)}; it must be {words}")
        if self.freeze_trunk and not self.pretrained:
            raise WorkbookError(
                f"freeze_trunk is {self.freeze_trunk}, but a trunk that starts from nothing has nothing to keep; give "
                "--pretrained too"
            )
        if self.move and self.turn_crops == "off":
            raise WorkbookError(
                f"move is {self.move}, which turns the camera too, but turn_crops is off; leave one of them out"
            )
        check_choices(self)
        check_seed(self.seed)

    @property
    def input_size(self) -> int:
        """The `image_size` of a run whose size is settled."""
        return self.image_size or PAPER_SIZE

    @property
    def input_crop(self) -> str:
        """The same of `crop`."""
        return self.crop or "square"

    @property
    def head_weights(self) -> tuple[float, float, float]:
        """For (aux1, aux2, main), as `PoseLoss` takes them."""
        return self.aux_weight, self.aux_weight, 1.0

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "TrainConfig":
        """From a checkpoint's settings or an experiment's file; raises as `checked_values` does."""
        return cls(**checked_values(cls, values))


@dataclass(frozen=True)
class PredictConfig:
    """`posenet evaluate`, `posenet predict`, and notebook 07: how a photo becomes a pose."""

    # centre: one crop, one answer. dense: the mean over crops that cover the photo. mc-dropout: the mean over answers
    # with dropout left on, and their spread, which says how sure the network is.
    test_time: str = option("centre", "one centre crop, the mean of many crops, or of many dropout draws", TEST_TIMES)
    crops: int = option(128, "dense: how many crops, uniformly spaced")
    samples: int = option(40, "mc-dropout: how many draws")
    # bf16 is two to three times as fast on hardware made for it; poses move by a hundredth of their usual error.
    precision: str = option("float32", "number format of the trunk", ("float32", "bf16"))

    def __post_init__(self):
        check_choices(self)
        for name in ("crops", "samples"):
            if getattr(self, name) < 2:
                raise WorkbookError(f"{name} is {getattr(self, name)}; it must be at least 2")

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "PredictConfig":
        """From an experiment's file; raises as `checked_values` does."""
        return cls(**checked_values(cls, values))

    def check_all_used(self) -> None:
        """Raises WorkbookError if a setting was given that does not matter for the chosen test time."""
        usual = PredictConfig()
        for name, test_time in (("crops", "dense"), ("samples", "mc-dropout")):
            if getattr(self, name) != getattr(usual, name) and not self.uses(name):
                raise WorkbookError(
                    f"{name} is {getattr(self, name)}, but the test time is {self.test_time}; give --test-time "
                    f"{test_time} too, or leave --{name} out"
                )

    def uses(self, name: str) -> bool:
        """Whether a setting matters for the chosen test time, or is not the usual one."""
        if name == "precision":
            return self.precision != "float32"
        return name == {"dense": "crops", "mc-dropout": "samples"}.get(self.test_time) or name == "test_time"


@dataclass(frozen=True)
class BenchmarkConfig:
    """`posenet benchmark`."""

    photos: int = option(32, "photos of each kind that are made and measured")
    batch_size: int = option(32, "photos in a step")
    repeats: int = option(3, "how often each way is measured; the median counts")
    device: str = option("cpu", "cuda measures training on a GPU, and nothing else", ("cpu", "cuda"))
    quick: bool = option(False, "everything once, with few photos: shows that it works, not how fast")

    def __post_init__(self):
        check_choices(self)
        for name, least in (("photos", 2), ("batch_size", 2), ("repeats", 1)):
            if getattr(self, name) < least:
                raise WorkbookError(f"{name} is {getattr(self, name)}; it must be at least {least}")
