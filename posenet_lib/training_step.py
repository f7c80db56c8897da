"""One training step outside of a training run: to say how long a run will take, and for the benchmark."""

import time
from collections.abc import Callable

import torch
from accelerate import Accelerator
from torch import Tensor

from posenet_lib.config import TrainConfig
from posenet_lib.device import compile_if_asked, make_accelerator
from posenet_lib.posenet import PoseNet, PoseNetOutput
from posenet_lib.process_memory import memory_kept
from posenet_lib.schedule import make_optimizer


def stand_in_loss(output: PoseNetOutput) -> Tensor:
    """In place of the student's loss, which costs as little: any scalar of all heads."""
    return sum(part.square().mean() for pose in output if pose for part in pose)


def training_step(config: TrainConfig, accelerator: Accelerator | None = None) -> Callable[[Tensor], Tensor]:
    """Images [B, 3, 224, 224] -> the loss, after one step of a fresh network, as `training.fit` takes it."""
    accelerator = accelerator or make_accelerator(config)
    model = PoseNet.from_config(config).to(memory_format=torch.channels_last).train()
    compile_if_asked(model, config)
    model, optimizer = accelerator.prepare(model, make_optimizer(model, config))

    def step(images: Tensor) -> Tensor:
        images = images.to(accelerator.device).contiguous(memory_format=torch.channels_last)
        loss = stand_in_loss(model(images))
        optimizer.zero_grad(set_to_none=True)
        accelerator.backward(loss)
        optimizer.step()
        return loss.detach()

    return step


@memory_kept()
def seconds_per_step(config: TrainConfig, *, steps: int = 2, at_most_s: float = 10.0) -> float:
    """Measure on random images; the first step, which warms up, is not counted.

    Args:
        steps: to count.
        at_most_s: after this time the steps so far must do, so that a busy machine is not kept busy.
    """
    step = training_step(config)
    images = torch.rand(config.batch_size, 3, 224, 224)
    durations: list[float] = []
    while len(durations) <= steps and sum(durations) < at_most_s:
        began = time.perf_counter()
        step(images).item()  # a GPU works in the background: wait for it
        durations.append(time.perf_counter() - began)
    counted = durations[1:] or durations
    return sum(counted) / len(counted)
