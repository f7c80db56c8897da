"""The order in which training photos are learned from, and how they come in batches."""

import math
import os
from collections.abc import Callable, Iterator, Sequence

import torch
from torch.utils.data import DataLoader, Sampler

from posenet_lib.data.dataset import PoseDataset, PoseSample
from posenet_lib.scenes.photo_store import ImageStore

_RUN = 64  # neighbouring photos that stay in one shard: about 20 MB of the store


def make_batches(dataset: PoseDataset, batch_size: int, order: "EpochOrder") -> DataLoader:
    """Whole batches of a data set in this order; photos that are left over at the end wait for the next epoch."""
    size = min(batch_size, len(dataset))
    return DataLoader(dataset, size, sampler=order, drop_last=True, collate_fn=keep_batch)


def keep_batch(batch: PoseSample) -> PoseSample:
    """The collate function that goes with `PoseDataset.__getitems__`, which gives whole batches already."""
    return batch


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
