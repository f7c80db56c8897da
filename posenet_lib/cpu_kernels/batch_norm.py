"""Batch norm with ReLU: PyTorch's layers, in fewer passes over memory where the kernels can be had.

``y = relu(scale x + offset)`` with ``scale = weight / sqrt(var + eps)``, as in Ioffe and Szegedy, 2015. For the
gradient ``g`` before the ReLU (their section 3, gathered):
``dL/dx = scale (g - mean(g) - (x - mean) / (var + eps) * mean(g (x - mean)))``. Only x is kept for it.
"""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from posenet_lib.cpu_kernels.max_pool import MaxPool3x3, halved, suits_pooling
from posenet_lib.cpu_kernels.tensors import distance, image, is_watched, pixels, refuse_second_derivatives, run, suits

_MOST_CHANNELS = 4096  # a thread's sums of them lie on its stack
_STATISTICS = 4  # rows of batch_norm.h's table


class BatchNormReLU(nn.BatchNorm2d):
    """`nn.BatchNorm2d` and the ReLU after it, as one layer."""

    def forward(self, x: Tensor) -> Tensor:
        """[B, C, H, W] -> the same shape and format."""
        if not (suits(x) and self._trains_as_usual(x)):
            return F.relu(super().forward(x), inplace=True)
        return _NormalisedReLU.apply(x, self.weight, self.bias, self)

    def then_pooled(self, x: Tensor, pool: MaxPool3x3) -> Tensor:
        """`pool(self(x))`: what lies between the two is never written to memory, if the pool has stride 2."""
        if pool.stride == 2 and suits_pooling(x) and self._trains_as_usual(x) and not is_watched(self, pool):
            return _NormalisedReLUPooled.apply(x, self.weight, self.bias, self)
        return pool(self(x))

    def _trains_as_usual(self, x: Tensor) -> bool:
        return self.is_usual(x.shape[1], x.numel() // x.shape[1])

    def is_usual(self, channels: int, numbers: int) -> bool:
        """Whether it trains as the kernels do, on so many numbers a channel. Else PyTorch's own does, or complains."""
        parts = self.weight, self.bias, self.running_mean, self.running_var
        return (
            self.training
            and all(part is not None and part.dtype == torch.float32 for part in parts)
            and self.momentum is not None
            and channels == self.num_features <= _MOST_CHANNELS
            and numbers > 1  # else there is no variance
        )


def normalise(x: Tensor, layer: BatchNormReLU, y: Tensor) -> Tensor:
    """Write the layer's result into `y`, which may be a slice of others' channels, as x may be; learn its statistics.

    Returns:
        [4, C] for `normalise_gradient`.
    """
    rows, channels = x.numel() // x.shape[1], x.shape[1]
    statistics = torch.empty(_STATISTICS, channels)
    run("batch_norm", *_slice(x), *_slice(y), rows, channels, *_learning(layer), statistics, _scratch(channels))
    return statistics


def normalise_gradient(x: Tensor, statistics: Tensor, gradient: Tensor, result: Tensor) -> tuple[Tensor, Tensor]:
    """Write the gradient of x into `result`; each of the three may be a slice. Returns those of weight and bias."""
    rows, channels = x.numel() // x.shape[1], x.shape[1]
    of_weight, of_bias = torch.empty(channels), torch.empty(channels)
    images = *_slice(x), *_slice(pixels(gradient)), *_slice(result)
    run("batch_norm_gradient", *images, rows, channels, statistics, of_weight, of_bias, _scratch(channels))
    return of_weight, of_bias


def _slice(x: Tensor) -> tuple[Tensor, int]:
    return x, distance(x)


def _learning(layer: BatchNormReLU) -> tuple[Tensor | float, ...]:
    layer.num_batches_tracked.add_(1)
    return layer.weight, layer.bias, layer.running_mean, layer.running_var, layer.momentum, layer.eps


def _scratch(channels: int) -> Tensor:
    """Two sums for each thread."""
    return torch.empty(torch.get_num_threads(), 2, channels, dtype=torch.float64)


class _NormalisedReLU(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor, layer: BatchNormReLU) -> Tensor:
        y = image(*x.shape)
        ctx.save_for_backward(x, normalise(x, layer, y))
        return y

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        refuse_second_derivatives()
        x, statistics = ctx.saved_tensors
        result = image(*x.shape)
        return result, *normalise_gradient(x, statistics, gradient, result), None


class _NormalisedReLUPooled(torch.autograd.Function):
    """What lies between ReLU and pooling is never written to memory, nor is its gradient."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor, layer: BatchNormReLU) -> Tensor:
        batch, channels, height, width = x.shape
        y = image(batch, channels, *halved(height, width, 2))
        which, statistics = image(*y.shape, dtype=torch.uint8), torch.empty(_STATISTICS, channels)
        sizes = batch, height, width, channels
        run("batch_norm_pool", x, y, which, *sizes, *_learning(layer), statistics, _scratch(channels))
        ctx.save_for_backward(x, which, statistics)
        return y

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        refuse_second_derivatives()
        x, which, statistics = ctx.saved_tensors
        batch, channels, height, width = x.shape
        gradient, result = gradient.contiguous(memory_format=torch.channels_last), image(*x.shape)
        of_weight, of_bias = torch.empty(channels), torch.empty(channels)
        parts = statistics, of_weight, of_bias, _scratch(channels)
        run("batch_norm_pool_gradient", x, gradient, which, result, batch, height, width, channels, *parts)
        return result, of_weight, of_bias, None
