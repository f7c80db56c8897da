"""`posenet benchmark --device cuda`: what training takes on a GPU, in three number formats or ways to run."""

import dataclasses
import json
import shutil
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial

import torch

from posenet_lib.benchmark import handout
from posenet_lib.benchmark.input_rows import our_loader
from posenet_lib.benchmark.rows import Row, Task, cost_row, rate_row
from posenet_lib.benchmark.setup import EPOCH_PHOTOS, Setup
from posenet_lib.benchmark.training_rows import endless, our_step
from posenet_lib.core.config import TrainConfig
from posenet_lib.core.device import best_precision
from posenet_lib.core.errors import WorkbookError
from posenet_lib.models.posenet import PoseNet
from posenet_lib.training.step import random_batch, stand_in_loss

_WATCH_EVERY_S = 0.2


def require_gpu() -> None:
    """Raises:
    WorkbookError: there is no CUDA device.
    """
    if not torch.cuda.is_available():
        raise WorkbookError("--device is cuda, but PyTorch finds no CUDA device here; leave --device out")


def gpu_tasks(setup: Setup) -> list[Task]:
    """All rows come from one task."""
    return [Task("training on the GPU", partial(gpu_rows, setup))]


def gpu_rows(setup: Setup, device: str = "auto", steps: int = 30) -> Iterator[Row]:
    """Steps on stored photos (photos and crops live on the GPU), against the handout's float32 step and its decoding.

    Args:
        device: as in `TrainConfig`; "cpu" runs the same code without a GPU, to test it.
        steps: measured for each way, after as many that warm up.
    """
    name = setup.first
    place = torch.device("cpu" if device == "cpu" else "cuda")
    batch = random_batch(setup.batch, place)
    step = handout.training_step(PoseNet(trunk="googlenet-bn"), stand_in_loss, place)
    plain_rate = setup.batch / _seconds(lambda: step(batch), place, steps)
    plain_batches = endless(handout.loader(setup.sets[name], setup.mean_image(name), setup.batch))
    decode_s = _seconds(lambda: next(plain_batches), torch.device("cpu"), 1)
    best = 0.0
    for way, config in _ways().items():
        if device == "cpu" and config.compile:
            continue
        ours = our_step(dataclasses.replace(config, device=device))
        loader = our_loader(setup, name)
        loader.dataset.move_to(place)
        batches = endless(ours.accelerator.prepare(loader))  # as `fit`: poses come to the GPU too
        used = Utilisation() if place.type == "cuda" else None
        rate = setup.batch / _seconds(lambda b=batches, f=ours: f(next(b)), place, steps)
        note = f"GPU busy {used.stop():.0f} % of the time" if used else ""
        best = max(best, rate)
        yield rate_row(f"training with its input, {way}, batch {setup.batch}", plain_rate, rate, "photos/s", None, note)
    epoch = EPOCH_PHOTOS * (1 / plain_rate + decode_s / setup.batch), EPOCH_PHOTOS / best
    yield cost_row(f"epoch of {EPOCH_PHOTOS} photos, {name}", *epoch, "s")
    yield cost_row("200 epochs", *(200 * seconds / 60 for seconds in epoch), "min", None, "a public run took 247 min")


def _ways() -> dict[str, TrainConfig]:
    auto = best_precision()  # fp16 where a GPU has no bf16
    return {
        "float32": TrainConfig(trunk="googlenet-bn", precision="float32"),
        auto: TrainConfig(trunk="googlenet-bn", precision="auto"),
        f"{auto}, compiled": TrainConfig(trunk="googlenet-bn", precision="auto", compile=True),
    }


class Utilisation:
    """Watches how busy the GPU is, as `nvidia-smi` counts it, until `stop`."""

    def __init__(self):
        self._seen: list[float] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        """Median percentage; NaN where `nvidia-smi` is missing."""
        self._over.set()
        self._thread.join()
        return statistics.median(self._seen) if self._seen else float("nan")

    def _watch(self) -> None:
        command = ["nvidia-smi", "--query-gpu=utilization.gpu", "--format=csv,noheader,nounits"]
        while shutil.which(command[0]) and not self._over.wait(_WATCH_EVERY_S):
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                return
            self._seen.append(float(json.loads(done.stdout.split()[0])))


def _seconds(step: Callable[[], object], device: torch.device, steps: int) -> float:
    """Mean time of a step; a GPU works in the background, so it is waited for before and after."""
    wait = torch.cuda.synchronize if device.type == "cuda" else lambda: None
    for _ in range(steps):
        step()
    wait()
    began = time.perf_counter()
    for _ in range(steps):
        step()
    wait()
    return (time.perf_counter() - began) / steps
