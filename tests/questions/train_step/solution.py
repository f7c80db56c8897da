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
    """Learn from one batch: forward, loss, backward, clip, step.

    Args:
        model: the network, already in training mode.
        loss_function: called with the network's output and the target, in this order.
        optimizer: of the model's parameters. Gradients that are left from before must not count.
        images: [B, 3, h, w], such as 112 x 192 pixels in section 4.
        target: the true poses.
        clip_norm: all gradients together, taken as one vector, are scaled down to at most this length.

    Returns:
        The loss of this batch before the step, a scalar that holds no graph: `loss.detach()`, or a Python number.
    """
    output = model(images)
    loss = loss_function(output, target)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), clip_norm)
    optimizer.step()
    return loss.detach()
