"""Rows about photos: the mean image, an epoch's crops, and views from beside."""

import shutil
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from torch.utils.data import DataLoader

from posenet_lib.benchmark import handout
from posenet_lib.benchmark.rows import Row, Task, cost_row, rate_row
from posenet_lib.benchmark.setup import Setup
from posenet_lib.core.config import USUAL_MOVE, TrainConfig
from posenet_lib.data.augmentation import Augmentation
from posenet_lib.data.batches import EpochOrder, make_batches
from posenet_lib.data.dataset import PoseDataset
from posenet_lib.scenes.photo_store import ImageStore, open_store

AUGMENTATION = Augmentation(TrainConfig.colour_jitter, TrainConfig.erase, TrainConfig.roll)  # training's own
_MEAN_IMAGE = 0.8  # the store, which ours writes as well, costs little; free cores decode, and make it faster
_EPOCH = {"1920x1080 PNG": 20.0, "640x480 JPEG": 2.0}
_CAMERA = {"focal_px": 300.0, "move": USUAL_MOVE}
_FIRST_TIME_S = 1.5  # photos are taken several times over until the handout needs so long: starting up must not count


def input_tasks(setup: Setup) -> list[Task]:
    """All rows, for each set of photos."""
    tasks = []
    for name in setup.sets:
        tasks.append(Task(f"mean image, first time, {name}", partial(_mean_image_row, setup, name)))
        tasks.append(Task(f"an epoch's input, {name}", partial(_epoch_row, setup, name)))
        tasks.append(Task(f"views from beside, {name}", partial(_views_row, setup, name)))
    return tasks


def _mean_image_row(setup: Setup, name: str) -> Iterator[Row]:
    """First time: decode, resize and average, ours with the store on disk at the end."""
    records, scratch = setup.sets[name], setup.folder / "first time"
    if not setup.config.quick:
        began = time.perf_counter()
        handout.mean_image(records[:4])
        records = records * max(1, round(_FIRST_TIME_S / ((time.perf_counter() - began) / 4 * len(records))))

    def ours() -> None:
        scratch.mkdir()
        store = open_store(records, scratch, "train", show_progress=False)
        store.pixels.mean(axis=0, dtype=np.float64)
        shutil.rmtree(scratch)

    timing = setup.stopwatch.in_turns(lambda: handout.mean_image(records), ours, at_most_s=15)
    rates = [len(records) / taken for taken in timing.seconds]
    yield rate_row(f"mean image, first time, {name}", *rates, "photos/s", _MEAN_IMAGE, timing.note)


def _epoch_row(setup: Setup, name: str) -> Iterator[Row]:
    """Ours with the changes of light and the hidden patches that training adds; the handout has none."""
    records = setup.sets[name]
    plain = handout.loader(records, setup.mean_image(name), setup.batch)
    ours = our_loader(setup, name)
    timing = setup.stopwatch.in_turns(lambda: run_epoch(plain), lambda: run_epoch(ours), at_most_s=15)
    photos = len(records), len(ours) * ours.batch_size
    per_photo_ms = [1e3 * taken / number for taken, number in zip(timing.seconds, photos, strict=True)]
    yield cost_row(f"an epoch's input, {name}", *per_photo_ms, "ms/photo", _EPOCH.get(name), timing.note)


def _views_row(setup: Setup, name: str) -> Iterator[Row]:
    """Half-size wide crops, and the same as views from beside; both are ours, for the usual way knows neither."""
    small = {"image_size": 112, "crop": "wide"}
    depth_m = np.full((setup.epoch_photos, 64, 85), 5.0, np.float32)  # as many numbers as a real one; any takes as long
    crops, views = our_loader(setup, name, **small), our_loader(setup, name, **small, depth_m=depth_m, **_CAMERA)
    timing = setup.stopwatch.in_turns(lambda: run_epoch(crops), lambda: run_epoch(views), at_most_s=15)
    photos = len(crops) * crops.batch_size
    per_photo_ms = [1e3 * taken / photos for taken in timing.seconds]
    yield cost_row(f"views from beside, {name} (handout: crops)", *per_photo_ms, "ms/photo", None, timing.note)


def our_loader(setup: Setup, name: str, **how: Any) -> DataLoader:
    """As `training.fit` has it, of as many photos as an epoch has: those that there are, several times over."""
    count, store = setup.epoch_photos, setup.store(name)
    records = [setup.sets[name][index % len(store)] for index in range(count)]
    store = _repeated(store, count, setup.folder / f"{name} repeated {count}.npy")
    data = PoseDataset(store, records, setup.mean_image(name), augmentation=AUGMENTATION, **how)
    return make_batches(data, setup.batch, EpochOrder(len(data), 0))


def _repeated(store: ImageStore, count: int, path: Path) -> ImageStore:
    """As large a file as `count` photos need, so that a few photos do not stay in the processor's cache."""
    if not path.is_file():
        pixels = np.lib.format.open_memmap(path, "w+", np.uint8, (count, *store.image_shape))
        for row in range(count):
            pixels[row] = store[row % len(store)]
        pixels.flush()
    names = tuple(store.names[row % len(store)] for row in range(count))
    return ImageStore(np.load(path, mmap_mode="r"), names, np.arange(count))


def run_epoch(batches: DataLoader) -> None:
    """Take every batch of an epoch; ours draws the epoch's crops and changes first."""
    if isinstance(batches.dataset, PoseDataset):
        batches.dataset.start_epoch(1)
    for _ in batches:
        pass
