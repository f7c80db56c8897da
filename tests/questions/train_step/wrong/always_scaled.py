# expect: are made longer
# loses: steps
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
    output = model(images)
    loss = loss_function(output, target)
    optimizer.zero_grad()
    loss.backward()
    length = torch.stack([p.grad.norm() for p in model.parameters()]).norm()
    for p in model.parameters():
        p.grad *= clip_norm / length
    optimizer.step()
    return loss.detach()
