"""Rows about training: a step of both trunks, its share of what the machine can compute, and a whole epoch."""

import os
from collections.abc import Callable, Iterator

import torch
from torch import Tensor
from torch.profiler import ProfilerActivity, profile
from torch.utils.data import DataLoader
from torch.utils.flop_counter import FlopCounterMode

from posenet_lib.benchmark import handout
from posenet_lib.benchmark.input_rows import our_loader, run_through
from posenet_lib.benchmark.rows import Row, alternate, cost_row, rate_row
from posenet_lib.benchmark.setup import EPOCH_PHOTOS, Setup
from posenet_lib.core.config import TrainConfig
from posenet_lib.core.device import best_precision
from posenet_lib.cpu_kernels.build import library
from posenet_lib.data.augmentation import Augmentation
from posenet_lib.fast.kept_memory import memory_kept
from posenet_lib.models.posenet import PoseNet
from posenet_lib.training.step import stand_in_loss, training_step

_SETTLE = 2  # steps until a process has all the memory that a step takes
_MATRIX = 2048  # large enough for full speed, small enough for a blink
# Parts of PyTorch's names of operations. Only the first are arithmetic that the limit speaks of.
_ARITHMETIC = "convolutions and matrix products"
_KINDS = {
    _ARITHMETIC: ("conv", "addmm", "aten::mm"),
    "normalisation, ReLU and pooling": (
        "norm",
        "Norm",
        "relu",
        "threshold",
        "clamp_min",
        "pool",
        "Largest",
        "Inception",
    ),
}
_TRUNKS = {"batch-norm trunk": (True, 3.3), "plain trunk with LRN": (False, 2.5)}


def training_rows(setup: Setup) -> Iterator[Row]:
    """Steps of both trunks, each followed by its share of the arithmetic limit; then the epoch."""
    images = torch.rand(setup.batch, 3, 224, 224)
    for name, (batch_norm, target) in _TRUNKS.items():
        plain, ours = _handout_step(batch_norm), _our_step(batch_norm)
        gflop = count_gflop(batch_norm, setup.batch)
        # Matrix products of as many operations, in the same turns: clocks fall under load, and machines are shared.
        ways = [*(lambda f=f: f(images) for f in (plain, ours)), _products(gflop)]
        seconds = alternate(*ways, repeats=setup.repeats, warm_up=False, before_each=_SETTLE, together=3)
        rates = [setup.batch / taken for taken in seconds[:2]]
        lacking = best_precision(on_cpu=True) == "bf16" and not library()
        note = "PyTorch's own batch norm and pooling: no C compiler (cc) was found, or it failed" if lacking else ""
        yield rate_row(f"training step, {name}, batch {setup.batch}", *rates, "photos/s", target, note)
        shares = _where_time_goes(ours, images)
        reached = [seconds[2] / taken for taken in seconds[:2]]
        note = (
            f"on the left, the limit: {best_precision(on_cpu=True)} matrix products of {_MATRIX}, in the same turns; "
            f"{gflop / setup.batch:.1f} GFLOP a photo. The handout's step reaches {reached[0]:.0%} of it. Of ours, "
            + ", ".join(f"{kind} {share:.0%}" for kind, share in shares.items())
            + f"; the first alone run at {reached[1] / shares[_ARITHMETIC]:.0%} of the limit"
        )
        limit, ours_rate = gflop / seconds[2], gflop / seconds[1]
        yield rate_row(f"arithmetic against its limit, {name}", limit, ours_rate, "GFLOP/s", 0.75, note)
    yield from _epoch_rows(setup, plain_step=_handout_step(True), our_step=_our_step(True))


def _products(gflop: float) -> Callable[[], None]:
    """So much arithmetic and nothing else, in the number format that training takes on this CPU."""
    kind = torch.bfloat16 if best_precision(on_cpu=True) == "bf16" else torch.float32
    a, b = torch.rand(_MATRIX, _MATRIX).to(kind), torch.rand(_MATRIX, _MATRIX).to(kind)
    count, rest = divmod(gflop, 2 * _MATRIX**3 / 1e9)
    rows = round(rest / (2 * _MATRIX**2 / 1e9))  # of one more, to come to the same number of operations

    def multiply() -> None:
        for _ in range(int(count)):
            a @ b
        a[:rows] @ b

    return multiply


def _where_time_goes(step: Callable[[Tensor], object], images: Tensor) -> dict[str, float]:
    """What share of a step is arithmetic, and what waits for memory instead."""
    os.environ.setdefault("KINETO_LOG_LEVEL", "99")  # else PyTorch's profiler writes to the terminal
    with profile(activities=[ProfilerActivity.CPU]) as seen:
        step(images)
    shares = dict.fromkeys([*_KINDS, "the rest"], 0.0)
    for operation in seen.key_averages():
        kind = next((kind for kind, parts in _KINDS.items() if any(part in operation.key for part in parts)), None)
        shares[kind or "the rest"] += operation.self_cpu_time_total
    total = sum(shares.values())
    return {kind: time / total for kind, time in shares.items()}


def count_gflop(batch_norm: bool, batch: int) -> float:
    """Multiplications and additions of one training step's convolutions and matrix products."""
    model = PoseNet(batch_norm=batch_norm).train()
    with FlopCounterMode(display=False) as counter:
        stand_in_loss(model(torch.rand(batch, 3, 224, 224))).backward()
    return counter.get_total_flops() / 1e9


def _epoch_rows(setup: Setup, plain_step: Callable[[Tensor], object], our_step: Callable[[Tensor], object]):
    """Input and step together, on the photos that there are, scaled to King's College's number."""
    name = setup.first
    plain = handout.loader(setup.sets[name], setup.mean_image(name), setup.batch)
    ours = our_loader(setup, name, Augmentation(0.15, 0.4))
    seconds = alternate(
        lambda: _epoch(plain, plain_step),
        lambda: _epoch(ours, our_step),
        lambda: run_through(plain),
        lambda: run_through(ours),
        repeats=setup.repeats,
    )
    scale = EPOCH_PHOTOS / len(setup.sets[name])
    epoch = [scale * taken for taken in seconds[:2]]
    hours = [200 * taken / 3600 for taken in epoch]
    note = f"200 epochs: {hours[0]:.1f} h and {hours[1]:.1f} h (a public run, on a GPU: 4 h 07 min)"
    yield cost_row(f"whole epoch, {EPOCH_PHOTOS} photos, {name}", *epoch, "s", None, note)
    shares = 100 * seconds[2] / seconds[0], 100 * seconds[3] / seconds[1]
    yield cost_row("input's share of the epoch (5 % at most)", *shares, "%", shares[0] / 5)


def _epoch(batches: DataLoader, step: Callable[[Tensor], object]) -> None:
    for batch in batches:
        step(batch[0])


def _handout_step(batch_norm: bool) -> Callable[[Tensor], object]:
    return handout.training_step(handout.network(batch_norm=batch_norm), stand_in_loss)


def _our_step(batch_norm: bool) -> Callable[[Tensor], object]:
    step = training_step(TrainConfig(batch_norm=batch_norm, device="cpu"))
    return memory_kept(trim=False)(step)  # as `training.fit`, whose steps all run inside of it
