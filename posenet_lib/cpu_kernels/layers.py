"""Batch norm with ReLU, and max pooling: PyTorch's layers, in fewer passes over memory where the kernels can be had."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from posenet_lib.cpu_kernels.build import library

_LEAST_CHANNELS = 32  # to pool: LANES in max_pool.c
_MOST_CHANNELS = 4096  # to normalise: a thread's sums of them lie on its stack


class BatchNormReLU(nn.BatchNorm2d):
    """`nn.BatchNorm2d` and the ReLU after it, as one layer."""

    def forward(self, x: Tensor) -> Tensor:
        """[B, C, H, W] -> the same shape and format."""
        if not (self.training and _suits(x) and self._is_usual(x)):
            return F.relu(super().forward(x), inplace=True)
        self.num_batches_tracked.add_(1)
        return _NormalisedReLU.apply(
            x, self.weight, self.bias, self.running_mean, self.running_var, self.momentum, self.eps
        )

    def _is_usual(self, x: Tensor) -> bool:
        """Else PyTorch's own does it, or says what is wrong."""
        parts = self.weight, self.bias, self.running_mean, self.running_var
        return (
            all(part is not None and part.dtype == torch.float32 for part in parts)
            and self.momentum is not None
            and x.shape[1] == self.num_features <= _MOST_CHANNELS
            and x.numel() > x.shape[1]  # of one number there is no variance
        )


class MaxPool3x3(nn.MaxPool2d):
    """`nn.MaxPool2d` of 3x3 pixels that keeps height and width, or halves them (rounded up) with stride 2."""

    def __init__(self, stride: int):
        if stride not in (1, 2):
            raise ValueError(f"stride is {stride}; choose 1 or 2")
        super().__init__(kernel_size=3, stride=stride, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """[B, C, H, W] -> [B, C, H / stride, W / stride]."""
        if _suits(x) and x.shape[1] >= _LEAST_CHANNELS:
            return _LargestOfNine.apply(x, self.stride)
        return super().forward(x)


def _suits(x: Tensor) -> bool:
    """Whether the kernels are for such a tensor, and can be had."""
    return (
        type(x) is Tensor  # others, such as those that trace a network, may have no memory
        and x.dtype == torch.bfloat16
        and x.device.type == "cpu"
        and x.is_contiguous(memory_format=torch.channels_last)
        and x.numel() > 0
        and not torch.compiler.is_compiling()
        and library() is not None
    )


def _image(shape: tuple[int, ...], dtype: torch.dtype = torch.bfloat16) -> Tensor:
    return torch.empty(shape, dtype=dtype, memory_format=torch.channels_last)


def _refuse_second_derivatives() -> None:
    """PyTorch's `once_differentiable` would take them for 0 wherever the loss is linear, and say nothing."""
    if torch.is_grad_enabled():  # by `create_graph=True`
        raise RuntimeError("the compiled layers have no second derivatives; set POSENET_CPU_KERNELS=off for them")


class _NormalisedReLU(torch.autograd.Function):
    """``y = relu(scale x + offset)`` with ``scale = weight / sqrt(var + eps)``, as in Ioffe and Szegedy, 2015.

    For the gradient ``g`` before the ReLU (their section 3, gathered):
    ``dL/dx = scale (g - mean(g) - (x - mean) / (var + eps) * mean(g (x - mean)))``. Only x is kept for it.
    """

    @staticmethod
    def forward(
        ctx: Any,
        x: Tensor,
        weight: Tensor,
        bias: Tensor,
        running_mean: Tensor,
        running_var: Tensor,
        momentum: float,
        eps: float,
    ) -> Tensor:
        channels, rows, threads = x.shape[1], x.numel() // x.shape[1], torch.get_num_threads()
        shift = x[0, :, 0, 0].float()  # not the running mean, which may have met what is not a number
        sums = torch.zeros(threads, 2, channels, dtype=torch.float64)
        library().batch_sums(x.data_ptr(), rows, channels, shift.data_ptr(), sums.data_ptr(), threads)
        first, second = sums.sum(0) / rows
        mean, variance = first.float() + shift, (second - first * first).clamp_(min=0).float()
        running_mean.lerp_(mean, momentum)
        running_var.lerp_(variance * (rows / (rows - 1)), momentum)

        inverse = (variance + eps).rsqrt_()
        scale = weight.detach() * inverse
        offset = bias.detach() - mean * scale
        y = _image(x.shape)
        library().scale_relu(x.data_ptr(), y.data_ptr(), rows, channels, scale.data_ptr(), offset.data_ptr(), threads)
        ctx.save_for_backward(x, mean, inverse, scale, offset)
        return y

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        _refuse_second_derivatives()
        x, mean, inverse, scale, offset = ctx.saved_tensors
        channels, rows, threads = x.shape[1], x.numel() // x.shape[1], torch.get_num_threads()
        gradient, apart = _rows(gradient)
        inputs = x.data_ptr(), gradient.data_ptr(), apart
        sums = torch.zeros(threads, 2, channels, dtype=torch.float64)
        library().gradient_sums(
            *inputs, rows, channels, scale.data_ptr(), offset.data_ptr(), mean.data_ptr(), sums.data_ptr(), threads
        )
        of_gradient, of_product = sums.sum(0).float()

        slope = scale * inverse * inverse * of_product / -rows
        constant = scale * of_gradient / -rows - slope * mean
        factors = (part.data_ptr() for part in (scale, offset, slope, constant))
        result = _image(x.shape)
        library().input_gradient(*inputs, result.data_ptr(), rows, channels, *factors, threads)
        return result, of_product * inverse, of_gradient, None, None, None, None


def _rows(gradient: Tensor) -> tuple[Tensor, int]:
    """The same numbers as the kernels read them, pixel by pixel, and how far apart two pixels are.

    The gradient of concatenated branches comes as slices of their channels, which need no copy.
    """
    _, channels, height, width = gradient.shape
    apart = gradient.stride(3)
    if gradient.stride() == (height * width * apart, 1, width * apart, apart):
        return gradient, apart
    return gradient.contiguous(memory_format=torch.channels_last), channels


class _LargestOfNine(torch.autograd.Function):
    """Keeps a byte for each result, which of the nine it was; PyTorch's own keeps eight."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, stride: int) -> Tensor:
        batch, channels, height, width = x.shape
        shape = batch, channels, (height - 1) // stride + 1, (width - 1) // stride + 1
        ctx.sizes = batch, height, width, channels, stride - 1  # as max_pool.c takes them
        y, which = _image(shape), None
        if ctx.needs_input_grad[0]:
            which = _image(shape, torch.uint8)
            ctx.save_for_backward(which)
        where = None if which is None else which.data_ptr()
        library().max_pool(x.data_ptr(), y.data_ptr(), where, *ctx.sizes, torch.get_num_threads())
        return y

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        _refuse_second_derivatives()
        (which,) = ctx.saved_tensors
        batch, height, width, channels, _ = ctx.sizes
        gradient = gradient.contiguous(memory_format=torch.channels_last)
        result = _image((batch, channels, height, width))
        library().max_pool_gradient(
            gradient.data_ptr(), which.data_ptr(), result.data_ptr(), *ctx.sizes, torch.get_num_threads()
        )
        return result, None
