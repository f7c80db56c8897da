"""Settings of `posenet egomotion` and of notebooks 10 and 11, one commented dataclass."""

import math
from dataclasses import dataclass
from typing import Any

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.settings import check_choices, check_seed, checked_values, option

TASKS = ("stereo", "video", "flow")


@dataclass(frozen=True)
class EgomotionConfig:
    """How depth, and with it motion, are learned from photos alone."""

    # stereo: a left and a right photo of the same moment (Godard et al. 2017). video: three photos of a walk, so that
    # the motion is learned with the depth (Zhou et al. 2017). flow: two photos of a walk; depth and motion stay
    # those of a video run, and what moves by itself is learned (Yin & Shi 2018).
    task: str = option(
        "video", "what is learned: depth from two cameras, depth and motion from a walk, or then what else moves", TASKS
    )

    # How long. The learning rate follows the clock, as in `posenet train --max-minutes`.
    max_minutes: float = option(5.0, "training time")
    max_steps: int | None = option(None, "stop after so many steps instead; the learning rate then follows them")

    # Photos. Small ones: 96 x 72 shows the idea in minutes. 4:3, as the walks' and RedKitchen's photos are.
    width: int = option(96, "of the photos in pixels")
    height: int = option(72, "of the photos in pixels")
    # A source that hardly moved says nothing about depth, one that moved far shows another place: choose a step that
    # moves pixels by 2 to 8.
    step: int = option(
        3, "video: the sources are so many photos before and after the target; flow: it is between photos so far apart"
    )

    # The losses
    smoothness: float = option(0.02, "weight of edge-aware smoothness at full size; halved at each smaller size")
    # Published: 1.0 for left-right, 0.2 for forward-backward, there in pixels of larger photos; 0.05 suits ours.
    consistency: float = option(
        0.0,
        "stereo: weight of left-right consistency; above 0, both disparities are learned. flow: weight of geometric "
        "consistency; above 0, pixels that fail the forward-backward check are left out of the photometric loss",
    )
    auto_mask: bool = option(
        True, "video: minimum over sources and auto-masking; without, the mean over all valid pixels"
    )
    explainability: float = option(
        0.0, "video: weight of the explainability mask's regulariser (Zhou et al. 2017); 0 leaves the mask out"
    )
    scales: int = option(3, "sizes at which the photos are compared: full, half, quarter ...")

    # The optimiser
    # Depth and motion wait for each other, and learn more slowly together than depth alone.
    learning_rate: float | None = option(
        None, "at the top of the schedule, a cosine with a short warm-up (default: 0.002; 0.001 for video)"
    )
    weight_decay: float = option(0.01, "AdamW's decoupled decay")
    batch_size: int = option(8, "targets in a step, over all processes")
    colour_jitter: float = option(0.2, "how strongly brightness and colours of the networks' inputs change")

    # The machine
    precision: str = option("auto", "number format of the networks", ("auto", "float32", "bf16", "fp16"))
    device: str = option("auto", "where to train", ("auto", "cpu"))
    seed: int = option(0, "decides the start weights and the order of the photos")

    def __post_init__(self):
        check_choices(self)
        for name, valid, words in (
            ("max_minutes", 0 < self.max_minutes < math.inf, "above 0, and finite"),
            ("max_steps", self.max_steps is None or self.max_steps >= 1, "at least 1"),
            ("width", 32 <= self.width <= 1024, "from 32 to 1024"),
            ("height", 32 <= self.height <= 1024, "from 32 to 1024"),
            ("step", 1 <= self.step <= 100, "from 1 to 100"),
            ("smoothness", 0 <= self.smoothness < math.inf, "0 or more, and finite"),
            ("consistency", 0 <= self.consistency < math.inf, "0 or more, and finite"),
            ("explainability", 0 <= self.explainability < math.inf, "0 or more, and finite"),
            ("scales", 1 <= self.scales <= 4, "from 1 to 4"),
            ("learning_rate", self.learning_rate is None or 0 < self.learning_rate < math.inf, "above 0, and finite"),
            ("weight_decay", 0 <= self.weight_decay < math.inf, "0 or more, and finite"),
            ("batch_size", self.batch_size >= 2, "at least 2"),
            ("colour_jitter", 0 <= self.colour_jitter < 1, "from 0 to below 1"),
        ):
            if not valid:
                raise WorkbookError(f"{name} is {getattr(self, name)}; it must be {words}")
        check_seed(self.seed)

    @property
    def top_rate(self) -> float:
        """The learning rate that is trained with."""
        return self.learning_rate or {"stereo": 2e-3, "video": 1e-3, "flow": 2e-3}[self.task]

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "EgomotionConfig":
        """From a checkpoint's settings; raises as `checked_values` does."""
        return cls(**checked_values(cls, values))
