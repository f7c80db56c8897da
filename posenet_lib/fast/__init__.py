"""Speed, added to a finished network from outside: two doors, and no other module knows what is behind them.

`for_training(model)` and `for_prediction(model)` take a network and give one with the same parameters under the same
names, which computes the same function. Behind them is what PyTorch itself offers (memory layout, its compiler), and
one layer of our own, `local_response_norm`. What a step gains is measured by `posenet benchmark`.
"""

import copy
import os
import shutil

import torch
from torch import nn

from posenet_lib.core.errors import WorkbookError
from posenet_lib.fast.local_response_norm import FastLocalResponseNorm


def for_training(model: nn.Module, *, compiled: bool = False) -> nn.Module:
    """The same network object, ready for training steps: images lie channels last in memory, as convolutions want them.

    Args:
        compiled: let PyTorch compile it at its first step, which takes a minute or more.

    Raises:
        WorkbookError: it is to be compiled, and there is no C++ compiler, which PyTorch needs for that.
    """
    _exchange_response_norms(model)
    model.to(memory_format=torch.channels_last)
    if compiled:
        _require_compiler()
        model.compile()
    return model


def for_prediction(model: nn.Module, device: torch.device | str = "cpu") -> nn.Module:
    """A copy of the network for prediction alone, in evaluation mode; the given one stays as it is.

    The poses differ from the plain network's by rounding (below 0.01 mm and 0.001 deg).
    """
    model = copy.deepcopy(model).eval().requires_grad_(False)
    _exchange_response_norms(model)
    return model.to(device=device, memory_format=torch.channels_last)


def _exchange_response_norms(model: nn.Module) -> None:
    for parent in list(model.modules()):
        for name, child in list(parent.named_children()):
            if type(child) is nn.LocalResponseNorm:
                setattr(parent, name, FastLocalResponseNorm(child.size, child.alpha, child.beta, child.k))


def _require_compiler() -> None:
    names = ("cl",) if os.name == "nt" else ("g++", "c++", "clang++")
    if not any(shutil.which(name) for name in names):
        raise WorkbookError(f"--compile needs a C++ compiler (one of {', '.join(names)}), and there is none here")
