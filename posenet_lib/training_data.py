"""The training photos in two parts, and the order in which they are learned from."""

import math
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.utils.data import Sampler

from posenet_lib.augmentation import Augmentation
from posenet_lib.config import TrainConfig
from posenet_lib.dataset import PoseDataset
from posenet_lib.errors import WorkbookError
from posenet_lib.focal_length import resized_focal_px
from posenet_lib.image_store import ImageStore
from posenet_lib.posenet import PositionSpread
from posenet_lib.scenes import Scene

_RUN = 64  # neighbouring photos that stay in one shard: about 20 MB of the store


@dataclass(frozen=True)
class TrainingData:
    """Most training photos are learned from; one block is held out to choose the epoch. The test split is not here."""

    learn: PoseDataset
    held_out: PoseDataset
    spread: PositionSpread  # of all training positions


def split_training_data(
    scene: Scene,
    mean_image: np.ndarray,
    config: TrainConfig,
    *,
    points_m: np.ndarray | None = None,
    show_progress: bool = True,
) -> TrainingData:
    """Hold out one block from the middle of the training list.

    Photos drawn at random would have their neighbours, nearly the same photo, in what is learned, and measure memory.

    Args:
        points_m: (N, P, 3) of all training photos, for a loss that needs them.

    Raises:
        WorkbookError: there are too few photos to hold some out.
    """
    records = scene.train.records
    block = held_out_block(len(records), config.validation_fraction)
    rest = [index for index in range(len(records)) if index not in block]
    if len(rest) < 2:
        raise WorkbookError(f"{scene.folder / 'dataset_train.txt'}: {len(records)} photos are too few to train on")
    store = scene.train.open_store(show_progress=show_progress)
    focal_px = resized_focal_px(scene) if config.turn_crops == "auto" else None

    def part(indices: Sequence[int], augmentation: Augmentation | None) -> PoseDataset:
        chosen = [records[index] for index in indices]
        return PoseDataset(
            store.subset(indices),
            chosen,
            mean_image,
            augmentation=augmentation,
            focal_px=focal_px,
            points_m=points_m[list(indices)] if points_m is not None and augmentation else None,
            seed=config.seed,
        )

    positions = scene.train.poses.position_m
    spread = PositionSpread(positions.mean(axis=0).tolist(), positions.std(axis=0).tolist())
    augmentation = Augmentation(config.colour_jitter, config.erase, config.roll)
    return TrainingData(part(rest, augmentation), part(block, None), spread)


def held_out_block(count: int, fraction: float) -> range:
    """Indices of the held-out photos among `count`: at least one, consecutive, in the middle."""
    length = max(1, round(fraction * count))
    first = (count - length) // 2
    return range(first, first + length)


def shard_size(store: ImageStore) -> int | None:
    """Photos to mix at a time: as many as fit half of this machine's memory; None if that is all of them."""
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError):  # Windows
        return None
    fitting = int(memory / 2 / math.prod(store.image_shape))
    return fitting if fitting < len(store) else None


class EpochOrder(Sampler[int]):
    """A new random order each epoch, decided by seed and epoch alone, so that every process and every resume agree.

    Args:
        shard: photos that are mixed with each other; None mixes all. A store that is larger than the memory is read
            shard by shard: each is drawn anew in every epoch, as runs of neighbouring photos, which a disk reads fast.
        on_shard: called with the photos of each shard before the first of them is asked for.
    """

    def __init__(
        self, count: int, seed: int, shard: int | None = None, on_shard: Callable[[Sequence[int]], None] | None = None
    ):
        self.count = count
        self.seed = seed
        self.shard = shard if shard and shard < count else None
        self.on_shard = on_shard
        self.epoch = 0

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[int]:
        generator = torch.Generator().manual_seed(self.seed * 1_000_003 + self.epoch + 500_000)
        if not self.shard:
            yield from torch.randperm(self.count, generator=generator).tolist()
            return
        runs = torch.arange(self.count).split(_RUN)
        drawn = torch.cat([runs[number] for number in torch.randperm(len(runs), generator=generator).tolist()])
        for photos in drawn.split(self.shard):
            if self.on_shard:
                self.on_shard(photos.tolist())
            yield from photos[torch.randperm(len(photos), generator=generator)].tolist()
