# expect: The arguments are exchanged: `loss_function` gets the output first, then the target
# loses: steps, loss
# outcome: raised
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
    loss = loss_function(target, output)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), clip_norm)
    optimizer.step()
    return loss.detach()
