"""One training step, the very one that `fit` takes, and how long it takes on this computer."""

import time
from collections.abc import Callable, Sequence

import torch
from accelerate import Accelerator
from torch import Tensor, nn

from posenet_lib.core.config import TrainConfig
from posenet_lib.core.device import make_accelerator, share_of_batch
from posenet_lib.data.dataset import PoseSample
from posenet_lib.data.transforms import SQUARE
from posenet_lib.fast import for_training
from posenet_lib.geometry.poses import Pose
from posenet_lib.models.posenet import PoseNet, PoseNetOutput
from posenet_lib.training.losses.parts import PoseLoss
from posenet_lib.training.losses.scene_loss import SceneLoss
from posenet_lib.training.schedule import make_optimizer

# (model, loss, optimizer, images, true poses, clip_norm) -> the loss: what notebook 05 asks for as `train_step`.
PlainStep = Callable[[nn.Module, PoseLoss, torch.optim.Optimizer, Tensor, Pose, float], Tensor | float]

_LONGER_THAN_ANY_GRADIENT = 1e9  # a clip norm for runs that do not clip; finite, for steps that divide by it


class TrainingStep:
    """Forward, loss, backward, update; how many processes and which device is Accelerate's matter.

    Args:
        loss: maps (PoseNetOutput, true Pose) to a scalar; a `SceneLoss` gets more. A module's parameters are trained.
        plain_step: takes the step in the library's place, see `PlainStep`; where Accelerate has more to do (several
            processes, scaled gradients) or the loss learns too, it is not used.
    """

    def __init__(
        self,
        accelerator: Accelerator,
        config: TrainConfig,
        model: PoseNet,
        loss: PoseLoss,
        plain_step: PlainStep | None = None,
    ):
        self.accelerator, self.clip_norm, self.loss = accelerator, config.clip_norm, loss
        loss_module = loss.to(accelerator.device) if isinstance(loss, nn.Module) else nn.Module()
        self.loss_parameters: Sequence[nn.Parameter] = list(loss_module.parameters())
        optimizer = make_optimizer(model, config, loss_module)
        model = for_training(model, compiled=config.compile)
        self.model, self.optimizer = accelerator.prepare(model, optimizer)
        is_plain = accelerator.num_processes == 1 and accelerator.scaler is None
        is_plain = is_plain and not self.loss_parameters and not isinstance(loss, SceneLoss)
        self.plain_step = plain_step if is_plain else None

    def __call__(self, batch: PoseSample, progress: float = 0.0) -> Tensor:
        """Learn from one batch at `progress` (0..1) of the run; returns the loss, without a gradient."""
        images = batch.image.contiguous(memory_format=torch.channels_last)
        if self.plain_step:
            longest = self.clip_norm or _LONGER_THAN_ANY_GRADIENT
            loss = self.plain_step(self.model, self.loss, self.optimizer, images, batch.pose, longest)
            return torch.as_tensor(loss).detach()
        output = self.model(images)
        more = (batch.points_m, progress) if isinstance(self.loss, SceneLoss) else ()
        loss = self.loss(output, batch.pose, *more)
        self.optimizer.zero_grad(set_to_none=True)
        self.accelerator.backward(loss)
        for parameter in self.loss_parameters:  # the network's gradients are averaged over processes by its wrapper
            if parameter.grad is not None:
                parameter.grad = self.accelerator.reduce(parameter.grad, "mean")
        if self.clip_norm:
            self.accelerator.clip_grad_norm_(self.model.parameters(), self.clip_norm)
        self.optimizer.step()
        return loss.detach()


def stand_in_loss(output: PoseNetOutput, target: Pose) -> Tensor:
    """In place of the student's loss, which costs as little: the squared errors of all heads, a scalar."""
    pairs = [pair for pose in output if pose for pair in zip(pose, target, strict=True)]
    return sum((predicted - true).square().mean() for predicted, true in pairs)


def random_batch(size: int, device: torch.device | str = "cpu", input_shape: tuple[int, int] = SQUARE) -> PoseSample:
    """Noise in place of photos and poses, [size, ...]: a step on it takes as long as on any other batch."""
    images = torch.rand(size, 3, *input_shape, device=device)
    return PoseSample(images, torch.rand(size, 3, device=device), torch.rand(size, 4, device=device))


def seconds_per_step(
    config: TrainConfig, input_shape: tuple[int, int], *, steps: int = 2, at_most_s: float = 10.0
) -> float:
    """Measure on random images; the first step, which warms up, is not counted; of several processes the slowest is.

    Args:
        input_shape: (h, w) of the network's input.
        steps: to count.
        at_most_s: after this time the steps so far must do, so that a busy machine is not kept busy.
    """
    accelerator = make_accelerator(config)
    step = TrainingStep(accelerator, config, PoseNet.from_config(config).train(), stand_in_loss)
    batch = random_batch(share_of_batch(config.batch_size, accelerator), accelerator.device, input_shape)
    durations: list[float] = []
    while len(durations) <= steps and sum(durations) < at_most_s:
        began = time.perf_counter()
        step(batch).item()  # a GPU works in the background: wait for it
        own = torch.tensor([time.perf_counter() - began], device=accelerator.device)
        durations.append(accelerator.gather(own).max().item())  # the same for all, so that all stop at the same step
    counted = durations[1:] or durations
    return sum(counted) / len(counted)
