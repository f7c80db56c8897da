"""Rows about training: a step of both trunks, and a whole epoch with its input."""

import itertools
from collections.abc import Callable, Iterator
from functools import partial

from torch.utils.data import DataLoader

from posenet_lib.benchmark import handout
from posenet_lib.benchmark.input_rows import our_loader
from posenet_lib.benchmark.rows import Row, Task, cost_row, rate_row
from posenet_lib.benchmark.setup import EPOCH_PHOTOS, Setup
from posenet_lib.core.config import TrainConfig
from posenet_lib.core.device import best_precision, make_accelerator
from posenet_lib.data.dataset import PoseSample
from posenet_lib.models.posenet import PoseNet
from posenet_lib.training.step import TrainingStep, random_batch, stand_in_loss

# At least so many times the handout's speed, in the number format that this processor trains in.
_TARGETS = {
    "googlenet-bn": {"bf16": 1.8, "float32": 1.0},
    "googlenet": {"bf16": 1.8, "float32": 1.3},
}
_MOST_INPUT = 5  # per cent of an epoch


def training_tasks(setup: Setup) -> list[Task]:
    """Steps of both trunks; the batch-norm trunk's with their input, because the epoch follows from them."""
    return [
        Task("training step and its input, googlenet-bn", partial(_epoch_rows, setup, "googlenet-bn")),
        Task("training step, googlenet", partial(_step_row, setup, "googlenet")),
    ]


def our_step(config: TrainConfig) -> TrainingStep:
    """The very step that `training.fit` takes."""
    return TrainingStep(make_accelerator(config), config, PoseNet.from_config(config).train(), stand_in_loss)


class _Learner:
    """Takes a batch and learns from it, as two measurable steps that follow each other as in training."""

    def __init__(self, batches: DataLoader, step: Callable[[PoseSample], object]):
        self._batches, self._step = endless(batches), step

    def take(self) -> None:
        """The next batch."""
        self._batch = next(self._batches)

    def learn(self) -> None:
        """From the batch that was taken."""
        self._step(self._batch)


def endless(batches: DataLoader) -> Iterator[PoseSample]:
    """Epoch after epoch."""
    return itertools.chain.from_iterable(itertools.repeat(batches))


def _steps(trunk: str) -> tuple[Callable[[PoseSample], object], Callable[[PoseSample], object]]:
    """The handout's and ours."""
    config = TrainConfig(trunk=trunk, device="cpu")
    return handout.training_step(PoseNet(trunk=trunk), stand_in_loss), our_step(config)


def _step_row(setup: Setup, trunk: str) -> Iterator[Row]:
    batch = random_batch(setup.batch)
    ways = [partial(step, batch) for step in _steps(trunk)]
    timing = setup.stopwatch.in_turns(*ways, at_most_s=50, settle=1)
    yield _rates(setup, trunk, timing.seconds, timing.note)


def _rates(setup: Setup, trunk: str, seconds: list[float], note: str) -> Row:
    precision = best_precision(on_cpu=True)
    title = f"training step, {trunk}, {precision}, batch {setup.batch}"
    return rate_row(title, *(setup.batch / s for s in seconds), "photos/s", _TARGETS[trunk][precision], note)


def _epoch_rows(setup: Setup, trunk: str) -> Iterator[Row]:
    """The step, then input and steps together for King's College's number of photos."""
    name = setup.first
    plain_step, step = _steps(trunk)
    batches = our_loader(setup, name)
    plain = _Learner(handout.loader(setup.sets[name], setup.mean_image(name), setup.batch), plain_step)
    ours = _Learner(batches, step)
    ways = plain.take, plain.learn, ours.take, ours.learn, lambda: batches.dataset.start_epoch(1)
    timing = setup.stopwatch.in_turns(*ways, at_most_s=60)
    plain_take, plain_learn, take, learn, start = timing.seconds
    yield _rates(setup, trunk, [plain_learn, learn], timing.note)
    steps = EPOCH_PHOTOS / setup.batch
    plain_input, our_input = steps * plain_take, start * EPOCH_PHOTOS / setup.epoch_photos + steps * take
    epoch = plain_input + steps * plain_learn, our_input + steps * learn
    hours = [200 * seconds / 3600 for seconds in epoch]
    note = f"200 epochs: {hours[0]:.1f} h and {hours[1]:.1f} h (a public run, on a GPU: 4 h 07 min)"
    yield cost_row(f"whole epoch, {EPOCH_PHOTOS} photos, {name}", *epoch, "s", None, note)
    shares = 100 * plain_input / epoch[0], 100 * our_input / epoch[1]
    note = f"of a batch: {1e3 * our_input / steps:.0f} ms for the input, {1e3 * learn:.0f} ms for the step"
    title = f"input's share of the epoch ({_MOST_INPUT} % at most)"
    yield cost_row(title, *shares, "%", shares[0] / _MOST_INPUT, note)
