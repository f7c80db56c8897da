"""The optimiser and how its learning rate moves over a run."""

import math

import torch
from torch import nn

from posenet_lib.config import TrainConfig


def make_optimizer(model: nn.Module, config: TrainConfig) -> torch.optim.Optimizer:
    """AdamW, or Adam with L2 weight decay as in the recipes on record; biases and batch norm are not decayed."""
    decayed = [parameter for parameter in model.parameters() if parameter.ndim > 1]
    free = [parameter for parameter in model.parameters() if parameter.ndim <= 1]
    groups = [{"params": decayed, "weight_decay": config.weight_decay}, {"params": free, "weight_decay": 0.0}]
    kind = {"adamw": torch.optim.AdamW, "adam": torch.optim.Adam}[config.optimizer]
    return kind(groups, lr=config.learning_rate)


def learning_rate(config: TrainConfig, progress: float) -> float:
    """Learning rate at `progress` (0..1) of the run: linear warm-up, then the schedule.

    cosine: half a cosine to zero. step: halved after each third of the run. constant: stays.
    """
    if progress < config.warmup:
        return config.learning_rate * max(progress, 1e-3) / config.warmup
    after_warmup = min(1.0, (progress - config.warmup) / (1 - config.warmup))
    factor = {
        "cosine": 0.5 * (1 + math.cos(math.pi * after_warmup)),
        "step": 0.5 ** min(2, int(3 * progress)),
        "constant": 1.0,
    }[config.schedule]
    return config.learning_rate * factor
