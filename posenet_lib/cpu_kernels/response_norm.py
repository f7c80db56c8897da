"""Local response normalisation on a CPU in 16 bits: what `local_response_norm` computes, in one pass each way."""

from typing import Any

import torch
from torch import Tensor

from posenet_lib.cpu_kernels.tensors import image, refuse_second_derivatives, run, suits

_MOST_CHANNELS = 4096  # a pixel of them lies on a thread's stack


def suits_normalisation(x: Tensor, size: int, beta: float) -> bool:
    """Whether `NormalisedResponse` is for it: GoogLeNet's own settings alone were written in C."""
    return size == 5 and beta == 0.75 and suits(x) and x.shape[1] <= _MOST_CHANNELS


class NormalisedResponse(torch.autograd.Function):
    """Of x, with `scale` = alpha / size, and k."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, scale: float, beta: float, k: float) -> Tensor:
        """[B, C, H, W] -> the same."""
        ctx.save_for_backward(x)
        ctx.settings = scale, beta, k
        y = image(*x.shape)
        run("response_norm", x, y, x.numel() // x.shape[1], x.shape[1], scale, k)
        return y

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        """Of y -> of x."""
        refuse_second_derivatives()
        (x,) = ctx.saved_tensors
        scale, beta, k = ctx.settings
        gradient, result = gradient.contiguous(memory_format=torch.channels_last), image(*x.shape)
        rows, channels = x.numel() // x.shape[1], x.shape[1]
        run("response_norm_gradient", x, gradient, result, rows, channels, scale, 2 * beta * scale, k)
        return result, None, None, None
