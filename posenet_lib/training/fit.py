"""Fit PoseNet to a scene: epochs, held-out choice, checkpoints, resuming.

The mean image and the loss are arguments: they are the student's answers, and this module knows neither. Accelerate
carries the loop to whatever there is: CPU, one GPU, several GPUs, several machines.
"""

import dataclasses
import functools
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from accelerate import Accelerator
from accelerate.utils import broadcast_object_list, set_seed
from torch import nn
from tqdm.auto import tqdm

from posenet_lib.core.config import PAPER_SIZE, USUAL_MOVE, TrainConfig
from posenet_lib.core.device import make_accelerator, share_of_batch
from posenet_lib.core.files import write_text
from posenet_lib.core.settings import SEEDS
from posenet_lib.data.batches import EpochOrder, make_batches, shard_size
from posenet_lib.data.nearby_views import NearbyViews
from posenet_lib.models.checkpoint import (
    BEST,
    LAST,
    Checkpoint,
    flatten_optimizer,
    restore_optimizer,
    save_checkpoint,
)
from posenet_lib.models.posenet import PoseNet
from posenet_lib.scenes.focal_length import resized_focal_px
from posenet_lib.scenes.scene import Scene
from posenet_lib.training.best_epoch import best_epoch
from posenet_lib.training.frozen_features import frozen_stage
from posenet_lib.training.history import EpochRecord, TensorBoardLog, write_history
from posenet_lib.training.judge import judge_held_out
from posenet_lib.training.loop import RunClock, train_epoch
from posenet_lib.training.losses.parts import PoseLoss
from posenet_lib.training.losses.scene_loss import SceneLoss
from posenet_lib.training.plan import plan_training
from posenet_lib.training.resume import SETTLED_AT_THE_START, run_to_resume
from posenet_lib.training.split import held_out_block, split_training_data
from posenet_lib.training.stage import Stage
from posenet_lib.training.step import PlainStep, TrainingStep
from posenet_lib.weights.pretrained import COURTS, load_pretrained

History = list[EpochRecord]


def fit(
    scene: Scene,
    mean_image: np.ndarray,
    loss: PoseLoss,
    config: TrainConfig,
    out: str | Path,
    *,
    judge: PoseLoss | None = None,
    plain_step: PlainStep | None = None,
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
        plain_step: takes each step in the library's place, see `training.step`.
        resume: go on from `out/last.safetensors`. With `epochs` the result is that of an uninterrupted run; with
            `max_minutes` the learning rate follows the clock, and the result is as close as two clocks are.
        on_epoch: called with the history after every epoch (the notebook draws its curves there).

    Raises:
        WorkbookError: `out` holds another run, there is nothing to resume, the loss is not finite, or several processes
            can't share a batch evenly.
    """
    out = Path(out)
    accelerator = make_accelerator(config)
    share_of_batch(config.batch_size, accelerator)
    start = run_to_resume(out, config, scene, resume)
    config = _settled(config, scene, start, accelerator, show_progress)
    set_seed(config.seed)
    with accelerator.main_process_first():  # one process decodes the photos, if that is still to do
        points_m = loss.points_m if isinstance(loss, SceneLoss) else None
        data = split_training_data(scene, mean_image, config, points_m=points_m, show_progress=show_progress)
    if config.move and not start and accelerator.is_main_process:
        tqdm.write(_views(data.learn.nearby, config.move))
    if accelerator.device.type == "cuda":
        data.learn.move_to(accelerator.device)
    model = PoseNet.from_config(config, data.spread)
    if start:
        model.load_state_dict(start.model)
    elif config.pretrained:
        report = load_pretrained(model, config.pretrained)
        if accelerator.is_main_process:
            write_text(out / "pretrained.txt", f"{report}\n")
            tqdm.write(str(report))
    judge = judge or loss
    if isinstance(judge, nn.Module):
        judge.to(accelerator.device)
    loss_module = loss if isinstance(loss, nn.Module) else nn.Module()
    step = TrainingStep(accelerator, config, model, loss, plain_step)
    history: History = []
    if start:
        loss_module.load_state_dict(start.loss, strict=False)  # older checkpoints have none of it
        restore_optimizer(step.optimizer, start.optimizer)
        history = [EpochRecord(**record) for record in start.progress["history"]]
    order = EpochOrder(len(data.learn), config.seed, shard_size(data.learn.store), data.learn.store.read_ahead)
    batches = accelerator.prepare(make_batches(data.learn, config.batch_size, order))
    already_s = history[-1].elapsed_s if history else 0.0
    clock = RunClock(config, processes=accelerator.num_processes, already_s=already_s)
    log = TensorBoardLog(out / "tensorboard", len(history) + 1) if accelerator.is_main_process else None
    judge_photos = functools.partial(judge_held_out, model, data.held_out, judge, accelerator.device)
    whole, frozen = Stage(step, data.learn, order, batches, judge_photos), None
    while not history or clock.progress(epoch=len(history)) < 1:  # a run has at least one epoch, however short its time
        epoch = len(history)
        done = clock.progress(epoch=epoch)
        judged = [record.held_out_loss for record in history]
        if done >= config.freeze_trunk:
            stage, frozen = whole, None  # the features go
        else:
            progress = functools.partial(clock.progress, epoch)
            stage = frozen = frozen or frozen_stage(
                whole, model, data.held_out, judge, config, progress, show_progress=show_progress
            )
        # For dropout, so that a resumed epoch draws what it would have.
        set_seed((config.seed * 1_000_003 + epoch) % SEEDS)
        stage.start_epoch(epoch, done)
        trained = train_epoch(
            stage.step, stage.batches, config, clock, epoch, held_out_losses=judged, show_progress=show_progress
        )
        if trained is None:  # the time ran out between two epochs
            break
        with accelerator.autocast():
            held_out_loss, held_out = stage.judge()
        history.append(
            EpochRecord(
                epoch=epoch + 1,
                train_loss=trained.train_loss,
                held_out_loss=held_out_loss,
                held_out_position_m=held_out.median_position_m,
                held_out_rotation_deg=held_out.median_rotation_deg,
                learning_rate=step.optimizer.param_groups[0]["lr"],
                elapsed_s=clock.elapsed_s(),
                photos_per_s=trained.photos_per_s,
                share=trained.share,
            )
        )
        if accelerator.is_main_process:
            state = Checkpoint(config, scene.name, data.spread, mean_image, model.state_dict())
            state.loss, state.focal_px = loss_module.state_dict(), data.learn.focal_px
            state.offset_m, state.unit = scene.offset_m, scene.unit
            state.progress = {"history": [dataclasses.asdict(record) for record in history]}
            if best_epoch(history) is history[-1]:
                save_checkpoint(out / BEST, state)
            state.optimizer = flatten_optimizer(step.optimizer)
            save_checkpoint(out / LAST, state)
            write_history(out / "history.csv", history)
            log.add(history[-1])
            if on_epoch:
                on_epoch(history)
    if log:
        log.close()
    accelerator.wait_for_everyone()
    return history


def _settled(
    config: TrainConfig, scene: Scene, start: Checkpoint | None, accelerator: Accelerator, show_progress: bool
) -> TrainConfig:
    """The settings with what was left open: as the run that goes on has it, or as plan and scene say."""
    if start:
        return dataclasses.replace(config, **{name: getattr(start.config, name) for name in SETTLED_AT_THE_START})
    if config.image_size is None and (config.max_minutes or config.pretrained == COURTS):
        photos = len(scene.train) - len(held_out_block(len(scene.train), config.validation_fraction))
        plan = plan_training(config, photos, scene.train.open_store(show_progress=show_progress).image_shape)
        if accelerator.is_main_process:
            if plan.image_size != PAPER_SIZE:
                tqdm.write(f"Pictures of {plan.pixels}: {plan.reason}.")
            if line := plan.shortfall(config, photos):
                tqdm.write(f"{line}.")
        chosen = [plan.image_size, plan.crop]
        broadcast_object_list(chosen)  # all processes train the same network
        config = dataclasses.replace(config, image_size=chosen[0], crop=chosen[1])
    if config.move is None:
        known = config.turn_crops == "auto" and resized_focal_px(scene) is not None
        config = dataclasses.replace(config, move=USUAL_MOVE if known and config.input_crop == "wide" else 0.0)
    return config


def _views(nearby: NearbyViews, move: float) -> str:
    """What is done with `move`, for the reader."""
    count = len(nearby.reach_m)
    if not nearby.moving:
        return (
            f"None of {count} photos can be shown as from beside, for no depth was found: they are too few, all from "
            "one place, or their poses are wrong (`posenet scene check` looks for that). They are only turned."
        )
    return (
        f"At first, {nearby.moving} of {count} photos are shown as from beside, up to {move:.0%} of the distance to "
        "what they show."
    )
