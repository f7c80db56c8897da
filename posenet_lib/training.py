"""Fit PoseNet to a scene: epochs, held-out choice, checkpoints, resuming.

The mean image and the loss are arguments: they are the student's answers, and this module knows neither. Accelerate
carries the loop to whatever there is: CPU, one GPU, several GPUs, several machines.
"""

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from accelerate.utils import set_seed
from torch import nn
from torch.utils.data import DataLoader
from tqdm.auto import tqdm

from posenet_lib.checkpoint import (
    BEST,
    LAST,
    Checkpoint,
    flatten_optimizer,
    restore_optimizer,
    save_checkpoint,
)
from posenet_lib.config import TrainConfig
from posenet_lib.dataset import as_is
from posenet_lib.device import compile_if_asked, make_accelerator
from posenet_lib.files import write_text
from posenet_lib.history import EpochRecord, TensorBoardLog, best_epoch, write_history
from posenet_lib.losses import SceneLoss
from posenet_lib.posenet import PoseNet
from posenet_lib.process_memory import memory_kept
from posenet_lib.resume import run_to_resume
from posenet_lib.scenes import Scene
from posenet_lib.schedule import make_optimizer
from posenet_lib.training_data import EpochOrder, shard_size, split_training_data
from posenet_lib.training_loop import Loop, PoseLoss
from posenet_lib.weights.pretrained import load_pretrained

History = list[EpochRecord]


@memory_kept()
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
    start = run_to_resume(out, config, scene, resume)
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
    if isinstance(judge, nn.Module):
        judge.to(accelerator.device)
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
