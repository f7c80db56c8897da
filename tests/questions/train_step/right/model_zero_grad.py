from collections.abc import Callable

import torch
from torch import nn

from posenet_lib.geometry.poses import Pose
from posenet_lib.models.posenet import PoseNetOutput
from posenet_lib.workbook import answer


@answer
def train_step(
    model: nn.Module,
    loss_function: Callable[[PoseNetOutput, Pose], torch.Tensor],
    optimizer: torch.optim.Optimizer,
    images: torch.Tensor,
    target: Pose,
    clip_norm: float,
) -> torch.Tensor:
    model.zero_grad()
    loss = loss_function(model(images), target)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(parameters=model.parameters(), max_norm=clip_norm, norm_type=2)
    optimizer.step()
    return float(loss)
