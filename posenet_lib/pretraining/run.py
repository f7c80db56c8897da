"""Pretrain a trunk on many courts, and keep it in half precision."""

import time
from collections.abc import Callable
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from posenet_lib.core.config import TrainConfig
from posenet_lib.core.files import replacing
from posenet_lib.core.pretrain_config import PretrainConfig
from posenet_lib.fast import for_training
from posenet_lib.geometry.poses import Pose
from posenet_lib.models.posenet import PoseNet
from posenet_lib.pretraining.batches import SIZE, CourtBatch, CourtBatches
from posenet_lib.pretraining.network import CourtsNetwork
from posenet_lib.pretraining.photos import CourtPhotos
from posenet_lib.training.schedule import learning_rate, make_optimizer, set_learning_rate


def pose_loss(predicted: Pose, true: Pose, beta: float) -> Tensor:
    """Kendall et al. 2015, equation 2, without squares: mean over [B] of metres plus beta times quaternion length."""
    position = torch.linalg.vector_norm(predicted.position_m - true.position_m, dim=1)
    rotation = torch.linalg.vector_norm(predicted.quaternion_wxyz - true.quaternion_wxyz, dim=1)
    return (position + beta * rotation).mean()


def pretrain(
    config: PretrainConfig,
    data: CourtPhotos,
    *,
    device: torch.device | str = "cpu",
    progress: Callable[[float, str], None] | None = None,
) -> PoseNet:
    """Train a trunk on courts, and return the network that holds it.

    Args:
        progress: called now and then with the share of the run that is done (0..1) and a line about it.
    """
    torch.manual_seed(config.seed)
    device = torch.device(device)
    posenet = PoseNet(trunk=config.trunk, dropout=0, aux_dropout=0, image_size=SIZE)
    courts = int(data.court.max()) + 1
    network = CourtsNetwork(posenet, courts, dropout=config.dropout, aux_dropout=config.aux_dropout).to(device)
    # As the weights that come with the workbook were made; a shorter memory of the gradients' sizes was not tried here.
    settings = TrainConfig(learning_rate=config.learning_rate, adam_beta2=0.999)
    optimizer = make_optimizer(network, settings)
    learner = for_training(network).train()
    batches = CourtBatches(data, device, config.seed)
    began, step, shown = time.perf_counter(), 0, 0.0
    while (done := (time.perf_counter() - began) / (60 * config.max_minutes)) < 1 or step == 0:
        set_learning_rate(optimizer, learning_rate(settings, min(done, 1.0)))
        batch = batches.draw(config.batch_size)
        loss, main, depth = _losses(learner, batch, config)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        step += 1
        if progress and done - shown > 0.02:
            shown = done
            seen = step * config.batch_size / len(batches)
            progress(done, f"photos seen {seen:.1f} times, main head {main:.3f}, depth {depth:.3f}")
    return posenet


def _losses(learner: torch.nn.Module, batch: CourtBatch, config: PretrainConfig) -> tuple[Tensor, Tensor, Tensor]:
    """All that is trained with; and of this, the main head's part and that of depth, without gradients."""
    images = batch.images.contiguous(memory_format=torch.channels_last)
    poses, log_depth = learner(images, batch.court, batch.mean_m)
    *auxiliary, main = (pose_loss(pose, batch.pose, config.beta) for pose in poses)
    depth = (log_depth - batch.log_depth).abs().mean()
    total = main + config.aux_weight * sum(auxiliary) + config.depth_weight * depth
    return total, main.detach(), depth.detach()


def save_trunk(posenet: PoseNet, path: Path, about: dict[str, str]) -> None:
    """Write the trunk's weights in float16, with where they come from (`about`) in the file's own header."""
    state = {
        f"trunk.{name}": value.detach().half().cpu().contiguous()
        for name, value in posenet.trunk.state_dict().items()
        if not name.endswith("num_batches_tracked")
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary:
        save_file(state, temporary, metadata=about)
