"""Fit PoseNet to a scene: epochs, held-out choice, checkpoints, resuming.

The mean image and the loss are arguments: they are the student's answers, and this module knows neither. Accelerate
carries the loop to whatever there is: CPU, one GPU, several GPUs, several machines.
"""

import dataclasses
import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from accelerate import Accelerator
from accelerate.utils import broadcast_object_list, set_seed
from torch import Tensor, nn
from torch.utils.data import DataLoader
from tqdm.auto import tqdm

from posenet_lib.checkpoint import (
    BEST,
    LAST,
    Checkpoint,
    flatten_optimizer,
    load_checkpoint,
    restore_optimizer,
    save_checkpoint,
)
from posenet_lib.config import TrainConfig
from posenet_lib.dataset import PointSample, PoseDataset, PoseSample, as_is
from posenet_lib.device import compile_if_asked, make_accelerator
from posenet_lib.errors import WorkbookError
from posenet_lib.evaluation import Summary, pose_errors, summarise
from posenet_lib.files import write_text
from posenet_lib.history import EpochRecord, TensorBoardLog, best_epoch, write_history
from posenet_lib.losses import SceneLoss
from posenet_lib.posenet import Pose, PoseNet, PoseNetOutput
from posenet_lib.poses import PoseArray
from posenet_lib.prediction import predict
from posenet_lib.scenes import Scene
from posenet_lib.schedule import learning_rate, make_optimizer, set_learning_rate
from posenet_lib.training_data import EpochOrder, shard_size, split_training_data
from posenet_lib.weights.pretrained import load_pretrained

DEFAULT_EPOCHS = 40
PoseLoss = Callable[[PoseNetOutput, Pose], Tensor]
History = list[EpochRecord]


def fit(
    scene: Scene,
    mean_image: np.ndarray,
    loss: PoseLoss,
    config: TrainConfig,
    out: str | Path,
    *,
    judge: PoseLoss | None = None,
    resume: bool = False,
    on_epoch: Callable[[Sequence[EpochRecord]], None] | None = None,
    show_progress: bool = True,
) -> History:
    """Train, and leave `best.safetensors`, `last.safetensors`, `history.csv` and TensorBoard logs in `out`.

    With `config.pretrained`, also `pretrained.txt`: what was loaded, what stayed fresh, and why.

    Args:
        mean_image: (H, W, 3) float32 in 0..255.
        loss: maps (PoseNetOutput, true Pose) to a scalar; a `SceneLoss` gets more. A module's parameters are trained
            and saved as well.
        judge: the loss on held-out photos, by which the epoch is chosen; None takes `loss`. A loss that changes as it
            learns cannot compare two epochs, and losses of two kinds cannot compare two runs.
        resume: go on from `out/last.safetensors`. With `epochs` the result is that of an uninterrupted run; with
            `max_minutes` the learning rate follows the clock, and the result is as close as two clocks are.
        on_epoch: called with the history after every epoch (the notebook draws its curves there).

    Raises:
        WorkbookError: `out` holds another run, there is nothing to resume, or the loss is not finite.
    """
    out = Path(out)
    accelerator = make_accelerator(config)
    start = _start(out, config, scene, resume)
    set_seed(config.seed)
    with accelerator.main_process_first():  # one process decodes the photos, the others find them decoded
        points_m = loss.points_m if isinstance(loss, SceneLoss) else None
        data = split_training_data(scene, mean_image, config, points_m=points_m, show_progress=show_progress)
    if accelerator.device.type == "cuda":
        data.learn.inputs.move_to(accelerator.device)
    model = PoseNet.from_config(config, data.spread).to(memory_format=torch.channels_last)
    if config.pretrained and not start:
        report = load_pretrained(model, config.pretrained)
        if accelerator.is_main_process:
            write_text(out / "pretrained.txt", f"{report}\n")
            tqdm.write(str(report))
    compile_if_asked(model, config)
    loss_module = loss.to(accelerator.device) if isinstance(loss, nn.Module) else nn.Module()
    optimizer = make_optimizer(model, config, loss_module)
    history: History = []
    if start:
        model.load_state_dict(start.model)
        loss_module.load_state_dict(start.loss, strict=False)  # older checkpoints have none of it
        restore_optimizer(optimizer, start.optimizer)
        history = [EpochRecord(**record) for record in start.progress["history"]]

    order = EpochOrder(len(data.learn), config.seed, shard_size(data.learn.store), data.learn.store.read_ahead)
    loader = DataLoader(
        data.learn, min(config.batch_size, len(data.learn)), sampler=order, drop_last=True, collate_fn=as_is
    )
    loop = Loop(accelerator, config, model, optimizer, loader, loss, judge or loss)
    loop.began -= history[-1].elapsed_s if history else 0.0
    log = TensorBoardLog(out / "tensorboard", len(history) + 1) if accelerator.is_main_process else None
    while loop.progress(epoch=len(history)) < 1:
        epoch = len(history)
        loop.held_out_losses = [record.held_out_loss for record in history]
        set_seed(config.seed * 1_000_003 + epoch)  # for dropout, so that a resumed epoch draws what it would have
        data.learn.start_epoch(epoch)
        order.epoch = epoch
        train_loss, photos_per_s = loop.train_epoch(epoch, show_progress)
        if train_loss is None:  # the time ran out between two epochs
            break
        held_out_loss, held_out = loop.validate(data.held_out)
        history.append(
            EpochRecord(
                epoch=epoch + 1,
                train_loss=train_loss,
                held_out_loss=held_out_loss,
                held_out_position_m=held_out.median_position_m,
                held_out_rotation_deg=held_out.median_rotation_deg,
                learning_rate=optimizer.param_groups[0]["lr"],
                elapsed_s=loop.elapsed_s(),
                photos_per_s=photos_per_s,
            )
        )
        if accelerator.is_main_process:
            state = Checkpoint(config, scene.name, data.spread, mean_image, model.state_dict())
            state.loss, state.focal_px = loss_module.state_dict(), data.learn.focal_px
            state.progress = {"history": [dataclasses.asdict(record) for record in history]}
            if best_epoch(history) is history[-1]:
                save_checkpoint(out / BEST, state)
            state.optimizer = flatten_optimizer(optimizer)
            save_checkpoint(out / LAST, state)
            write_history(out / "history.csv", history)
            log.add(history[-1])
            if on_epoch:
                on_epoch(history)
    if log:
        log.close()
    accelerator.wait_for_everyone()
    return history


def _start(out: Path, config: TrainConfig, scene: Scene, resume: bool) -> Checkpoint | None:
    """What to go on from. A new run never overwrites an old one, and a resumed one never changes its settings."""
    exists = (out / LAST).is_file()
    if not resume:
        if exists:
            raise WorkbookError(f"{out} already holds a training run; go on with --resume, or choose another folder")
        return None
    if not exists:
        raise WorkbookError(f"{out} holds no {LAST}, so there is nothing to resume; start without --resume")
    start = load_checkpoint(out, which=LAST)
    if start.scene_name != scene.name:
        raise WorkbookError(f"{out} was trained on the scene {start.scene_name}, not on {scene.name}")
    # A longer run and another machine are fine; anything else would make one history of two experiments.
    free = {"epochs", "max_minutes", "precision", "device", "compile"}
    was, now = dataclasses.asdict(start.config), dataclasses.asdict(config)
    if changed := [name for name in was if name not in free and was[name] != now[name]]:
        raise WorkbookError(
            f"{out} was trained with other settings: "
            + ", ".join(f"{name} {was[name]} (now {now[name]})" for name in changed)
            + "; resume with the same, or start a new folder"
        )
    return start


class Loop:
    """One run's moving parts."""

    def __init__(
        self,
        accelerator: Accelerator,
        config: TrainConfig,
        model: PoseNet,
        optimizer: torch.optim.Optimizer,
        loader: DataLoader,
        loss: PoseLoss,
        judge: PoseLoss,
    ):
        self.accelerator, self.config, self.loss, self.judge = accelerator, config, loss, judge
        self.loss_parameters = list(loss.parameters()) if isinstance(loss, nn.Module) else []
        self.bare_model = model
        self.model, self.optimizer, self.loader = accelerator.prepare(model, optimizer, loader)
        self.epochs = config.epochs or (None if config.max_minutes else DEFAULT_EPOCHS)
        self.began = time.perf_counter()
        self.held_out_losses: list[float] = []  # epoch by epoch

    def elapsed_s(self) -> float:
        """Training time so far, without the pauses between interruption and resume."""
        return time.perf_counter() - self.began

    def progress(self, epoch: float) -> float:
        """How much of the run is done, 0..1: by epochs, by the clock, or by whichever is further."""
        by_epochs = epoch / self.epochs if self.epochs else 0.0
        if not self.config.max_minutes:
            return by_epochs
        clock = [self.elapsed_s() / (60 * self.config.max_minutes)]
        if self.accelerator.num_processes > 1:  # all processes must stop at the same step
            broadcast_object_list(clock)
        return max(by_epochs, clock[0])

    def train_epoch(self, epoch: int, show_progress: bool) -> tuple[float | None, float]:
        """One pass over the photos -> (mean loss, photos per second). Ends early, maybe at once, when time is up."""
        self.model.train()
        losses: list[Tensor] = []
        photos, began = 0, time.perf_counter()
        total = f"/{self.epochs}" if self.epochs else ""
        bar = tqdm(
            self.loader,
            desc=f"Epoch {epoch + 1}{total}",
            unit="step",
            leave=False,
            disable=not (show_progress and self.accelerator.is_local_main_process),
        )
        for step, batch in enumerate(bar):
            progress = self.progress(epoch + step / len(self.loader))
            if progress >= 1 and (epoch, step) != (0, 0):  # a run has at least one step, however short its time
                bar.total = bar.n  # else a notebook would keep the bar, red as after an error
                break
            set_learning_rate(self.optimizer, learning_rate(self.config, progress, self.held_out_losses))
            losses.append(self._step(batch, progress))
            photos += len(batch.image) * self.accelerator.num_processes
            if step % 10 == 0:
                bar.set_postfix_str(f"loss {losses[-1].item():.3g}")
        bar.close()
        if not losses:
            return None, 0.0
        mean_loss = self.accelerator.reduce(torch.stack(losses).mean(), "mean").item()
        if not math.isfinite(mean_loss):
            raise WorkbookError(
                f"the loss became {mean_loss} in epoch {epoch + 1}; look at PoseLoss for a division by zero or a "
                "square root of zero, or lower --learning-rate"
            )
        return mean_loss, photos / (time.perf_counter() - began)

    def _step(self, batch: PoseSample | PointSample, progress: float) -> Tensor:
        output = self.model(batch.image.contiguous(memory_format=torch.channels_last))
        more = (batch.points_m, progress) if isinstance(self.loss, SceneLoss) else ()
        loss = self.loss(output, batch.pose, *more)
        self.optimizer.zero_grad(set_to_none=True)
        self.accelerator.backward(loss)
        for parameter in self.loss_parameters:  # the network's gradients are averaged over processes by its wrapper
            if parameter.grad is not None:
                parameter.grad = self.accelerator.reduce(parameter.grad, "mean")
        if self.config.clip_norm:
            self.accelerator.clip_grad_norm_(self.model.parameters(), self.config.clip_norm)
        self.optimizer.step()
        return loss.detach()

    def validate(self, dataset: PoseDataset) -> tuple[float, Summary]:
        """The judging loss (main head alone) and the errors on the held-out photos."""
        device = self.accelerator.device
        with self.accelerator.autocast():
            predicted = predict(self.bare_model, dataset, device=device)
        true = PoseArray(dataset.position_m.double().numpy(), dataset.quaternion_wxyz.double().numpy())
        as_tensors = [torch.tensor(array, dtype=torch.float32) for array in predicted]
        with torch.no_grad():
            loss = self.judge(
                PoseNetOutput(Pose(*as_tensors), None, None), Pose(dataset.position_m, dataset.quaternion_wxyz)
            )
        return float(loss), summarise(pose_errors(predicted, true))
