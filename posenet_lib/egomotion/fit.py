"""Train depth, motion and flow networks: one loop for all tasks; checkpoints, history, resuming, Accelerate."""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from accelerate import Accelerator
from accelerate.utils import broadcast_object_list, set_seed
from torch import Tensor, nn

from posenet_lib.core.device import make_accelerator, share_of_batch
from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.progress import progress_bar
from posenet_lib.egomotion.camera import Camera
from posenet_lib.egomotion.checkpoint import EgomotionCheckpoint, load_checkpoint, save_checkpoint
from posenet_lib.egomotion.config import EgomotionConfig
from posenet_lib.egomotion.history import Judgement
from posenet_lib.models.checkpoint import BEST, LAST, flatten_optimizer, restore_optimizer
from posenet_lib.training.history import TensorBoardLog, write_history
from posenet_lib.training.resume import check_same_settings, stored_run

JUDGEMENTS = 10  # in a run: how often the held-out walk is looked at, and a checkpoint written
_WARMUP = 0.03
FREE = ("max_minutes", "max_steps", "precision", "device")  # a resumed run may change these


class Batches(Protocol):
    """What a learner is fed with: tuples of tensors, the arguments of its `forward`."""

    def draw(self, count: int, generator: torch.Generator) -> tuple[Tensor, ...]:
        """A batch of training photos."""

    def held_out(self) -> Iterator[tuple[Tensor, ...]]:
        """All batches of the walk that is held out."""


class Learner(nn.Module):
    """Networks whose `forward(*batch)` is the loss, a scalar; the loss itself is computed in float32.

    What does not learn has `requires_grad` switched off; it is written into checkpoints with the rest.
    """

    networks: nn.ModuleDict
    camera: Camera


def fit(
    learner: Learner,
    batches: Batches,
    config: EgomotionConfig,
    out: str | Path,
    *,
    scene_name: str,
    baseline_m: float | None = None,
    resume: bool = False,
    on_judgement: Callable[[Sequence[Judgement]], None] | None = None,
    show_progress: bool = True,
) -> list[Judgement]:
    """Train, and leave `best.safetensors`, `last.safetensors`, `history.csv` and TensorBoard logs in `out`.

    Args:
        learner: as `stereo.StereoLearner`, `video.VideoLearner` or `residual.FlowLearner`; trained in place.
        baseline_m: of a stereo camera, for the checkpoint.
        resume: go on from `out/last.safetensors`, with the same settings but for the length.
        on_judgement: called with the history after every judgement.

    Several processes (`accelerate launch`, `torchrun`) share each batch: each draws its own part, the gradients are
    averaged, and the first one writes.

    Raises:
        WorkbookError: `out` holds a run already, or none to go on from, or one with other settings; the processes can't
            share a batch evenly; the loss is no number any more.
    """
    out = Path(out)
    start = stored_run(out, resume, load_checkpoint)
    if start:
        check_same_settings(out, start.config, config, FREE)
    accelerator = make_accelerator(config)
    share = share_of_batch(config.batch_size, accelerator)
    set_seed(config.seed)
    generator = torch.Generator()
    if start:
        learner.networks.load_state_dict(start.networks)
    learning = [parameter for parameter in learner.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(learning, lr=config.top_rate, weight_decay=config.weight_decay)
    model, optimizer = accelerator.prepare(learner.to(memory_format=torch.channels_last), optimizer)
    if start:
        restore_optimizer(optimizer.optimizer, start.optimizer)
    history = [Judgement(**record) for record in start.progress["history"]] if start else []
    clock = _Clock(config, start.progress if start else {"elapsed_s": 0.0, "step": 0})
    log = TensorBoardLog(out, clock.step) if accelerator.is_main_process else None
    bar = progress_bar(total=100, unit="%", disable=not (show_progress and accelerator.is_main_process), leave=False)
    losses: list[Tensor] = []
    progress = _agreed(clock.progress, accelerator)
    next_judgement = math.floor(progress * JUDGEMENTS) + 1
    while progress < 1:
        for group in optimizer.param_groups:
            group["lr"] = config.top_rate * _schedule(progress)
        _seed_step(generator, config.seed, clock.step, accelerator.process_index)
        batch = tuple(one.to(accelerator.device) for one in batches.draw(share, generator))
        loss = model(*batch)
        optimizer.zero_grad(set_to_none=True)
        accelerator.backward(loss)
        accelerator.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.detach())
        clock.step += 1
        progress = _agreed(clock.progress, accelerator)
        bar.update(round(100 * min(progress, 1.0)) - bar.n)
        if progress * JUDGEMENTS >= next_judgement:
            next_judgement = math.floor(progress * JUDGEMENTS) + 1
            history.append(_judged(learner, batches, losses, clock, optimizer, config, accelerator))
            losses = []
            if accelerator.is_main_process:
                _write(out, config, scene_name, baseline_m, learner, optimizer.optimizer, history, clock)
                log.add(history[-1])
            if on_judgement is not None and accelerator.is_main_process:
                on_judgement(history)
    bar.close()
    if log is not None:
        log.close()
    accelerator.wait_for_everyone()
    return history


class _Clock:
    """How far the run is: by time, or by steps."""

    def __init__(self, config: EgomotionConfig, before: dict):
        self._config, self.step = config, int(before["step"])
        self._began = time.perf_counter() - float(before["elapsed_s"])

    @property
    def elapsed_s(self) -> float:
        return time.perf_counter() - self._began

    @property
    def progress(self) -> float:
        """0..1, and above at the end."""
        if self._config.max_steps is not None:
            return self.step / self._config.max_steps
        return self.elapsed_s / (60 * self._config.max_minutes)

    def pause(self, seconds: float) -> None:
        """Judging is no training time."""
        self._began += seconds


def _schedule(progress: float) -> float:
    return min(1.0, progress / _WARMUP + 0.02) * (0.5 * (1 + math.cos(math.pi * min(progress, 1.0)))) + 1e-3


def _seed_step(generator: torch.Generator, seed: int, step: int, process: int) -> None:
    """Chance begins anew at each step, so that a resumed run sees what the uninterrupted one would have seen."""
    words = np.random.SeedSequence([seed, step, process]).generate_state(2)
    generator.manual_seed(int(words[0]))
    torch.manual_seed(int(words[1]))  # noise in a loss


def _agreed(progress: float, accelerator: Accelerator) -> float:
    """All processes judge, and stop, at the same step: the first one's clock counts."""
    if accelerator.num_processes == 1:
        return progress
    return broadcast_object_list([progress])[0]


def _judged(learner, batches, losses, clock, optimizer, config, accelerator) -> Judgement:
    train_loss = float(accelerator.reduce(torch.stack(losses).mean(), "mean"))
    if not math.isfinite(train_loss):
        raise WorkbookError(
            f"the loss became {train_loss} at step {clock.step}: look for a division by zero in your parts, or give a "
            f"smaller --learning-rate than {config.top_rate:g}"
        )
    elapsed, began = clock.elapsed_s, time.perf_counter()
    held_out = held_out_loss(learner, batches, accelerator.device)
    clock.pause(time.perf_counter() - began)
    rate = optimizer.param_groups[0]["lr"]
    return Judgement(clock.step, train_loss, held_out, rate, elapsed, clock.step * config.batch_size / elapsed)


@torch.no_grad()
def held_out_loss(learner: Learner, batches: Batches, device: torch.device) -> float:
    """Mean loss on the walk that is held out."""
    learner.eval()
    found = [learner(*(one.to(device) for one in batch)).float().cpu() for batch in batches.held_out()]
    learner.train()
    return float(torch.stack(found).mean()) if found else math.nan


def _write(out, config, scene_name, baseline_m, learner, optimizer, history, clock) -> None:
    progress = {"history": [asdict(one) for one in history], "elapsed_s": clock.elapsed_s, "step": clock.step}
    kept = config, scene_name, learner.networks.state_dict(), learner.camera.width_per_depth, baseline_m
    save_checkpoint(out / LAST, EgomotionCheckpoint(*kept, flatten_optimizer(optimizer), progress))
    # Without a held-out walk the last judgement counts.
    best = min(history, key=lambda one: (one.held_out_loss if math.isfinite(one.held_out_loss) else 0.0, -one.step))
    if best is history[-1]:
        save_checkpoint(out / BEST, EgomotionCheckpoint(*kept, {}, progress))
    write_history(out / "history.csv", history)
