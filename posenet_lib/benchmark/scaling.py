"""How cost grows with the number of photos: measured at a few sizes, fitted, and continued to many."""

import math
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from posenet_lib.benchmark.input_rows import AUGMENTATION, run_epoch
from posenet_lib.benchmark.memory import peak_memory_mb
from posenet_lib.benchmark.photos import linked_scene
from posenet_lib.benchmark.setup import Setup
from posenet_lib.core.config import TrainConfig
from posenet_lib.data.batches import EpochOrder, make_batches
from posenet_lib.data.dataset import PoseDataset
from posenet_lib.data.transforms import SQUARE
from posenet_lib.scenes.scene import load_scene
from posenet_lib.training.step import seconds_per_step

SIZES = (100, 300, 1000)
FORESEEN = (10_000, 1_000_000)


@dataclass(frozen=True)
class Cost:
    """Of one number of photos; a foreseen one has no memory, which does not grow once the machine's is full."""

    photos: int
    list_s: float  # reading the pose list and looking for the photos
    store_s: float  # decoding all photos, once
    store_gb: float
    input_s: float  # one epoch's crops
    training_s: float  # one epoch's steps
    peak_mb: float | None


@dataclass(frozen=True)
class Scaling:
    """Measured costs, foreseen costs, and the exponent p of each cost's growth, n ** p."""

    measured: list[Cost]
    foreseen: list[Cost]
    exponents: dict[str, float]

    def as_dict(self) -> dict:
        """For JSON."""
        return asdict(self)

    def __str__(self) -> str:
        titles = ("list", "store, once", "on disk", "input/epoch", "steps/epoch", "memory")
        lines = [f"{'photos':>9}" + "".join(f"{title:>14}" for title in titles)]
        for cost in (*self.measured, *self.foreseen):
            peak = f"{cost.peak_mb:.0f} MB" if cost.peak_mb else "-"
            cells = [_duration(cost.list_s), _duration(cost.store_s), f"{cost.store_gb:.2f} GB"]
            cells += [_duration(cost.input_s), _duration(cost.training_s), peak]
            lines.append(f"{cost.photos:>9}" + "".join(f"{cell:>14}" for cell in cells))
        growths = ", ".join(f"{name} n^{power:.2f}" for name, power in self.exponents.items())
        return "\n".join(
            [
                *lines,
                f"Growth fitted: {growths}. The last {len(self.foreseen)} lines are foreseen from it.",
                "Memory: photos are mapped, not loaded. A store larger than the memory is read in shards, and several",
                "machines share an epoch through `accelerate launch`.",
            ]
        )


def measure_scaling(setup: Setup) -> Scaling:
    """At `SIZES`, with links to the photos of the first set."""
    sizes = (4, 8, 16) if setup.config.quick else SIZES
    config = TrainConfig(trunk="googlenet-bn", batch_size=setup.batch, device="cpu")
    step_s = seconds_per_step(config, SQUARE)
    measured = [_cost(setup, count, step_s) for count in sizes]
    exponents, foreseen = {}, {count: {} for count in FORESEEN}
    for name in ("list_s", "store_s", "store_gb", "input_s", "training_s"):
        values = [getattr(cost, name) for cost in measured]
        exponents[name] = growth(sizes, values)
        for count in FORESEEN:
            # From the largest measured size on, whose fixed costs weigh least.
            foreseen[count][name] = values[-1] * (count / sizes[-1]) ** max(1.0, exponents[name])
    return Scaling(measured, [Cost(count, **costs, peak_mb=None) for count, costs in foreseen.items()], exponents)


def growth(sizes: Sequence[int], values: Sequence[float]) -> float:
    """The exponent p of ``value = c * size ** p`` that fits best (least squares of the logarithms)."""
    return float(np.polyfit([math.log(size) for size in sizes], [math.log(value) for value in values], 1)[0])


def _cost(setup: Setup, count: int, step_s: float) -> Cost:
    folder = linked_scene(setup.folder / f"scaling {count}", setup.sets[setup.first], count)
    began = time.perf_counter()
    scene = load_scene(folder)
    listed = time.perf_counter()
    store = scene.train.open_store(show_progress=False)
    stored = time.perf_counter()
    mean_image = np.full(store.image_shape, 128.0)
    data = PoseDataset(store, scene.train.records, mean_image, augmentation=AUGMENTATION)
    loader = make_batches(data, setup.batch, EpochOrder(count, 0))
    ready = time.perf_counter()
    run_epoch(loader)
    done = time.perf_counter()
    return Cost(
        count,
        listed - began,
        stored - listed,
        store.pixels.nbytes / 1e9,
        done - ready,
        step_s * count / setup.batch,
        peak_memory_mb("ours", folder, setup.batch, steps=1),
    )


def _duration(seconds: float) -> str:
    for limit, unit, size in ((1, "ms", 1e-3), (120, "s", 1), (7200, "min", 60), (172_800, "h", 3600)):
        if seconds < limit:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 86_400:.3g} days"
