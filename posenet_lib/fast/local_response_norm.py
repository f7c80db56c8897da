"""GoogLeNet's local response normalisation, without the detour that makes PyTorch's own take half of a training step.

``y = x / d ** beta`` with ``d = k + alpha / size * sum of x ** 2 over the neighbouring channels`` (Krizhevsky et al.,
2012, section 3.3; Caffe and PyTorch divide alpha by the size alike). `nn.LocalResponseNorm` takes the sum with a
three-dimensional average pool, which knows neither bfloat16 nor channels-last, and leaves the gradient to autograd:
seven passes over memory forward, more backward. Here the sum is a few shifted additions, one image after the other,
so that the steps in between stay in the processor's cache, and the gradient is written down.
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable


class FastLocalResponseNorm(nn.LocalResponseNorm):
    """The same numbers as `nn.LocalResponseNorm` (to rounding: 1e-6 in float32), for any layout and number format.

    The format of the input is kept, and 16-bit input is computed in float32 inside.
    """

    def forward(self, x: Tensor) -> Tensor:
        """[B, C, H, W] -> the same shape, format and memory layout."""
        return _Normalise.apply(x, self.size, self.alpha, self.beta, self.k)


class _Normalise(torch.autograd.Function):
    """With ``p = d ** -beta``: ``y_i = x_i p_i``; x_j is part of d_i where j lies in the window of i, therefore

    ``dL/dx_j = g_j p_j - 2 beta alpha / size * x_j * sum of g_i x_i p_i / d_i over all i whose window holds j``.

    Only x is kept for the backward pass: computing d again costs less than reading it from memory.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, size: int, alpha: float, beta: float, k: float) -> Tensor:
        ctx.save_for_backward(x)
        ctx.settings = size, alpha, beta, k
        y = torch.empty_like(x)
        for part in _parts(x):
            values = _wide(x[part])
            y[part] = _power(_denominator(values, size, alpha, k), beta).mul_(values)
        return y

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        (x,) = ctx.saved_tensors
        size, alpha, beta, k = ctx.settings
        result = torch.empty_like(x)
        for part in _parts(x):
            values = _wide(x[part])
            denominator = _denominator(values, size, alpha, k)
            direct = _power(denominator, beta).mul_(_wide(gradient[part]))
            # Mirrored: a window of even size reaches one channel further down than up, seen from its own channel.
            through_windows = _window_sum((direct * values).div_(denominator), (size - 1) // 2, size // 2)
            result[part] = direct.sub_(through_windows.mul_(values), alpha=2 * beta * alpha / size)
        return result, None, None, None, None


def _parts(x: Tensor) -> list[slice]:
    """Which images are computed together: on a CPU one, whose intermediate results fit its cache, else all."""
    if x.device.type != "cpu" or torch.compiler.is_compiling():
        return [slice(None)]
    return [slice(index, index + 1) for index in range(len(x))]


def _wide(x: Tensor) -> Tensor:
    """At least float32: in bfloat16, 1 + a small sum of squares is 1."""
    return x.float() if x.dtype in (torch.bfloat16, torch.float16) else x


def _denominator(x: Tensor, size: int, alpha: float, k: float) -> Tensor:
    return _window_sum(x * x, size // 2, (size - 1) // 2).mul_(alpha / size).add_(k)


def _power(denominator: Tensor, beta: float) -> Tensor:
    """``d ** -beta``; for GoogLeNet's 0.75 by square roots, which take a fraction of the time of a power."""
    if beta != 0.75:
        return denominator.pow(-beta)
    root = denominator.rsqrt()
    return root.sqrt().mul_(root)


def _window_sum(x: Tensor, below: int, above: int) -> Tensor:
    """At each channel the sum from `below` channels before it to `above` channels after it; beyond the ends is 0."""
    channels = x.shape[1]
    total = x.clone()
    for step in range(1, min(below, channels - 1) + 1):
        total[:, step:] += x[:, : channels - step]
    for step in range(1, min(above, channels - 1) + 1):
        total[:, : channels - step] += x[:, step:]
    return total
