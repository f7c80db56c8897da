"""One run's epochs and steps, and where in the run they are; `training` decides what to do with the result."""

import math
import time
from collections.abc import Callable

import torch
from accelerate import Accelerator
from accelerate.utils import broadcast_object_list
from torch import Tensor, nn
from torch.utils.data import DataLoader
from tqdm.auto import tqdm

from posenet_lib.config import TrainConfig
from posenet_lib.dataset import PointSample, PoseDataset, PoseSample
from posenet_lib.errors import WorkbookError
from posenet_lib.evaluation import Summary, pose_errors, summarise
from posenet_lib.losses import SceneLoss
from posenet_lib.posenet import Pose, PoseNet, PoseNetOutput
from posenet_lib.poses import PoseArray
from posenet_lib.prediction import predict
from posenet_lib.schedule import learning_rate, set_learning_rate

DEFAULT_EPOCHS = 40
PoseLoss = Callable[[PoseNetOutput, Pose], Tensor]


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
        as_tensors = [torch.tensor(array, dtype=torch.float32, device=device) for array in predicted]
        target = Pose(dataset.position_m.to(device), dataset.quaternion_wxyz.to(device))
        with torch.no_grad():
            loss = self.judge(PoseNetOutput(Pose(*as_tensors), None, None), target)
        return float(loss), summarise(pose_errors(predicted, true))
