"""Rows about photos: the mean image, and an epoch's crops."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch.utils.data import DataLoader

from posenet_lib.benchmark import handout
from posenet_lib.benchmark.rows import Row, alternate, rate_row
from posenet_lib.benchmark.setup import EPOCH_PHOTOS, Setup
from posenet_lib.data.augmentation import Augmentation
from posenet_lib.data.batches import EpochOrder, keep_batch
from posenet_lib.data.dataset import PoseDataset
from posenet_lib.scenes.photo_store import ImageStore, open_store
from posenet_lib.scenes.pose_list import PoseRecord
from posenet_lib.scenes.resizing import resized_pixels

_FIRST_TIME_S = 1.5  # photos are taken several times over until the handout needs so long: starting up must not count


def input_rows(setup: Setup) -> Iterator[Row]:
    """Both rows, for each set of photos."""
    targets = {"640x480 JPEG": 25.0}
    for name in setup.sets:
        yield _mean_image_row(setup, name)
        yield _epoch_row(setup, name, targets.get(name, 300.0))


def _mean_image_row(setup: Setup, name: str) -> Row:
    """First time: decode, resize and average, ours with the store on disk at the end."""
    records, scratch = setup.sets[name], setup.folder / "first time"
    if not setup.config.quick:
        (seconds,) = alternate(lambda: handout.mean_image(records[:4]), repeats=1)
        records = records * max(1, round(_FIRST_TIME_S / (seconds / 4 * len(records))))

    def ours() -> None:
        scratch.mkdir()
        store = open_store(records, scratch, "train", show_progress=False)
        (store.pixels.sum(axis=0, dtype=np.uint32) / len(store)).astype(np.float32)
        shutil.rmtree(scratch)

    def decoder() -> None:
        for record in records:
            resized_pixels(record.image_path)

    seconds = alternate(lambda: handout.mean_image(records), ours, decoder, repeats=setup.repeats, warm_up=False)
    cores = min(os.cpu_count() or 1, len(records))
    limit = cores * len(records) / seconds[2]
    ours_rate = len(records) / seconds[1]
    note = f"limit: {cores} cores decode and resize {limit:.0f} photos/s; ours reaches {ours_rate / limit:.0%} of it"
    return rate_row(f"mean image, first time, {name}", len(records) / seconds[0], ours_rate, "photos/s", 1.9, note)


def _epoch_row(setup: Setup, name: str, target: float) -> Row:
    records = setup.sets[name]
    batches = handout.loader(records, setup.mean_image(name), setup.batch)
    count = len(records) if setup.config.quick else EPOCH_PHOTOS  # ours delivers a whole epoch in less than a second
    ours = our_loader(setup, name, Augmentation(), count)
    ours_with_changes = our_loader(setup, name, Augmentation(0.15, 0.4), count)
    seconds = alternate(
        lambda: run_through(batches),
        lambda: run_through(ours),
        lambda: run_through(ours_with_changes),
        repeats=setup.repeats,
    )
    photos = len(records), count, count
    per_photo_ms = [1e3 * taken / number for taken, number in zip(seconds, photos, strict=True)]
    note = f"{per_photo_ms[2]:.3f} ms with the changes of light and the hidden patches that training adds"
    return Row(
        f"an epoch's input, {name}",
        per_photo_ms[0],
        per_photo_ms[1],
        "ms/photo",
        per_photo_ms[0] / per_photo_ms[1],
        target,
        note,
    )


def our_loader(setup: Setup, name: str, augmentation: Augmentation | None, count: int | None = None) -> DataLoader:
    """As in `training.fit`, but no photo is left over; a larger `count` stores and takes photos several times over."""
    records: list[PoseRecord] = setup.sets[name]
    store = setup.store(name)
    if count:
        store = _repeated(store, count, setup.folder / f"{name} repeated {count}.npy")
        records = [records[index % len(records)] for index in range(count)]
    data = PoseDataset(store, records, setup.mean_image(name), augmentation=augmentation)
    return DataLoader(data, setup.batch, sampler=EpochOrder(len(data), 0), collate_fn=keep_batch)


def _repeated(store: ImageStore, count: int, path: Path) -> ImageStore:
    """As large a file as `count` photos need, so that a few photos do not stay in the processor's cache."""
    if not path.is_file():
        pixels = np.lib.format.open_memmap(path, "w+", np.uint8, (count, *store.image_shape))
        for row in range(count):
            pixels[row] = store[row % len(store)]
        pixels.flush()
    names = tuple(store.names[row % len(store)] for row in range(count))
    return ImageStore(np.load(path, mmap_mode="r"), names, np.arange(count))


def run_through(batches: DataLoader) -> torch.Tensor:
    """Take every batch of an epoch, and the last one's images."""
    for batch in batches:
        images = batch[0]
    return images
