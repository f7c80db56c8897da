"""What all rows share: the photos, the stopwatch, and a store in a folder that is thrown away."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch

from posenet_lib.benchmark import handout
from posenet_lib.benchmark.photos import JPEG, PNG, make_photos
from posenet_lib.benchmark.stopwatch import Stopwatch
from posenet_lib.core.config import BenchmarkConfig
from posenet_lib.core.device import best_precision, device_summary
from posenet_lib.scenes.photo_store import ImageStore, open_store
from posenet_lib.scenes.pose_list import PoseRecord

EPOCH_PHOTOS = 1220  # King's College's training split


@dataclass
class Setup:
    """One run of the benchmark."""

    config: BenchmarkConfig
    folder: Path  # temporary
    sets: dict[str, list[PoseRecord]]  # photos by what they are called in the table
    stopwatch: Stopwatch
    means: dict[str, np.ndarray] = field(default_factory=dict)

    @property
    def first(self) -> str:
        """The set that stands for King's College."""
        return next(iter(self.sets))

    @property
    def batch(self) -> int:
        """Photos in a step; no more than there are."""
        return 2 if self.config.quick else min(self.config.batch_size, len(self.sets[self.first]))

    @property
    def epoch_photos(self) -> int:
        """Photos that our loader takes in an epoch; the first set's, several times over."""
        return 4 if self.config.quick else EPOCH_PHOTOS

    def store(self, name: str) -> ImageStore:
        """The photos of one set, resized."""
        return open_store(self.sets[name], self.folder, name.replace(" ", "-"), show_progress=False)

    def mean_image(self, name: str) -> np.ndarray:
        """Of one set, (H, W, 3) float32 in 0..255; computed once."""
        if name not in self.means:
            self.means[name] = handout.mean_image(self.sets[name])
        return self.means[name]


def make_setup(config: BenchmarkConfig, folder: Path, scene_photos: Sequence[PoseRecord] | None) -> Setup:
    """With the photos of a scene, or with our own in both formats."""
    count = 4 if config.quick else config.photos
    stopwatch = Stopwatch(1 if config.quick else config.repeats)
    if scene_photos:
        sets = {"the scene's photos": list(scene_photos[:count])}
    else:
        sets = {kind.name: make_photos(folder / kind.suffix, count, kind) for kind in (PNG, JPEG)}
    return Setup(config, folder, sets, stopwatch)


def machine(device: str) -> str:
    """What is measured, as in "CPU with 2 cores, bf16"."""
    if device == "cuda":
        return device_summary()
    cores = torch.get_num_threads()
    return f"CPU with {cores} {'cores' if cores > 1 else 'core'}, {best_precision(on_cpu=True)}"
