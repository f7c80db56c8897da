"""The optimiser and how its learning rate moves over a run."""

import math
from collections.abc import Sequence

import torch
from torch import nn

from posenet_lib.core.config import TrainConfig

# A loss's own few numbers have a long way to go (a learned weighting's by about 2), and a short run has few steps.
_LOSS_RATE = 10.0
# The second of Adam's two decay rates, where the settings name none. After as many passes, training photos were learned
# a tenth to a quarter better than with PyTorch's 0.999, and others too (data/trials/README.md). The recipes on record
# take Adam as PyTorch has it.
_BETA2 = {"adamw": 0.95, "adam": 0.999}


def make_optimizer(model: nn.Module, config: TrainConfig, loss: nn.Module | None = None) -> torch.optim.Optimizer:
    """AdamW, or Adam with L2 weight decay as in the recipes on record; biases and batch norm are not decayed.

    Args:
        loss: if it has parameters, they are trained too, ten times as fast and without decay.
    """
    decayed = [parameter for parameter in model.parameters() if parameter.ndim > 1]
    free = [parameter for parameter in model.parameters() if parameter.ndim <= 1]
    groups = [{"params": decayed, "weight_decay": config.weight_decay}, {"params": free, "weight_decay": 0.0}]
    if learned := list(loss.parameters()) if loss else []:
        groups.append({"params": learned, "weight_decay": 0.0, "rate": _LOSS_RATE})
    kind = {"adamw": torch.optim.AdamW, "adam": torch.optim.Adam}[config.optimizer]
    beta2 = _BETA2[config.optimizer] if config.adam_beta2 is None else config.adam_beta2
    # Fused: one pass over the weights in place of ten.
    return kind(groups, lr=config.learning_rate, betas=(0.9, beta2), fused=True)


def set_learning_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    """For the network; a loss's parameters take a multiple of it."""
    for group in optimizer.param_groups:
        group["lr"] = rate * group.get("rate", 1.0)


def learning_rate(config: TrainConfig, progress: float, held_out_losses: Sequence[float] = ()) -> float:
    """Learning rate at `progress` (0..1) of the run: linear warm-up, then the schedule.

    cosine: half a cosine to zero. step: halved after each third of the run. constant: stays. plateau: halved whenever
    the held-out loss, epoch by epoch in `held_out_losses`, has not been lower than ever before for some time.
    """
    if progress < config.warmup:
        return config.learning_rate * max(progress, 1e-3) / config.warmup
    after_warmup = min(1.0, (progress - config.warmup) / (1 - config.warmup))
    factor = {
        "cosine": 0.5 * (1 + math.cos(math.pi * after_warmup)),
        "step": 0.5 ** min(2, int(3 * progress)),
        "constant": 1.0,
        "plateau": 0.5 ** plateaus(held_out_losses, config.patience),
    }[config.schedule]
    return config.learning_rate * factor


def plateaus(losses: Sequence[float], patience: int) -> int:
    """How often `patience` epochs in a row brought no loss below the lowest before them.

    Counted anew from the whole history each time, so that a resumed run stands where it was.
    """
    count, waited, lowest = 0, 0, math.inf
    for loss in losses:
        waited = 0 if loss < lowest else waited + 1
        lowest = min(lowest, loss)
        if waited == patience:
            count, waited = count + 1, 0
    return count
