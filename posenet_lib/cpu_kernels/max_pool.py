"""Max pooling: PyTorch's layer, in fewer passes over memory where the kernels can be had."""

from typing import Any

import torch
from torch import Tensor, nn

from posenet_lib.cpu_kernels.tensors import image, refuse_second_derivatives, run, suits

_LEAST_CHANNELS = 32  # LANES in max_pool.h
_MOST_IN_A_LINE = 65536  # of an image's numbers: some lines lie on a thread's stack


class MaxPool3x3(nn.MaxPool2d):
    """`nn.MaxPool2d` of 3x3 pixels that keeps height and width, or halves them (rounded up) with stride 2."""

    def __init__(self, stride: int):
        if stride not in (1, 2):
            raise ValueError(f"stride is {stride}; choose 1 or 2")
        super().__init__(kernel_size=3, stride=stride, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """[B, C, H, W] -> [B, C, H / stride, W / stride]."""
        if suits_pooling(x):
            return _LargestOfNine.apply(x, self.stride)
        return super().forward(x)


def suits_pooling(x: Tensor) -> bool:
    """Whether `pool` is for such a tensor."""
    return suits(x) and x.shape[1] >= _LEAST_CHANNELS and x.shape[1] * x.shape[3] <= _MOST_IN_A_LINE


def pool(x: Tensor, stride: int, *, for_gradient: bool) -> tuple[Tensor, Tensor | None]:
    """-> the pooled pixels and, for `add_gradient`, a byte for each: which of its nine it was."""
    batch, channels, height, width = x.shape
    y = image(batch, channels, *halved(height, width, stride))
    which = image(*y.shape, dtype=torch.uint8) if for_gradient else None
    run("max_pool", x, y, which, batch, height, width, channels, stride - 1)
    return y, which


def halved(height: int, width: int, stride: int) -> tuple[int, int]:
    """What is left of them after pooling."""
    return (height - 1) // stride + 1, (width - 1) // stride + 1


def pool_gradient(gradient: Tensor, which: Tensor, stride: int, result: Tensor, *, add: bool) -> None:
    """Write the gradient before pooling into `result`, or add it to what is there."""
    batch, channels, height, width = result.shape
    gradient = gradient.contiguous(memory_format=torch.channels_last)
    run("max_pool_gradient", gradient, which, result, batch, height, width, channels, stride - 1, add)


class _LargestOfNine(torch.autograd.Function):
    """Keeps a byte for each result; PyTorch's own keeps eight."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, stride: int) -> Tensor:
        ctx.shape, ctx.stride = x.shape, stride
        y, which = pool(x, stride, for_gradient=ctx.needs_input_grad[0])
        ctx.save_for_backward(which)
        return y

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        refuse_second_derivatives()
        (which,) = ctx.saved_tensors
        result = image(*ctx.shape)
        pool_gradient(gradient, which, ctx.stride, result, add=False)
        return result, None
