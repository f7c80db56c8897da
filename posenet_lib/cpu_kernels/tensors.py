"""Which tensors the kernels take, and how they are handed over."""

import torch
from torch import Tensor, nn

from posenet_lib.cpu_kernels.build import library


def suits(x: Tensor) -> bool:
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


def run(kernel: str, *arguments: Tensor | float | None) -> None:
    """Call a function of the C files, with its tensors' memory and, at the end, the number of threads."""
    parts = (part.data_ptr() if isinstance(part, Tensor) else part for part in arguments)
    getattr(library(), kernel)(*parts, torch.get_num_threads())


def is_watched(*layers: nn.Module) -> bool:
    """Whether a layer has hooks, which wait for what goes into this very layer and comes out of it."""
    kinds = "_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks"
    return any(getattr(layer, kind) for layer in layers for kind in kinds)


def image(*shape: int, dtype: torch.dtype = torch.bfloat16) -> Tensor:
    """[B, C, H, W], uninitialised, channels last."""
    return torch.empty(shape, dtype=dtype, memory_format=torch.channels_last)


def pixels(x: Tensor) -> Tensor:
    """The same numbers as the kernels read them: pixel after pixel, each at the same distance from the last.

    A slice of the channels is so already, and is not copied.
    """
    _, _, height, width = x.shape
    apart = distance(x)
    wanted = height * width * apart, 1, width * apart, apart
    if all(size == 1 or is_ == be for size, is_, be in zip(x.shape, x.stride(), wanted, strict=True)):
        return x
    return x.contiguous(memory_format=torch.channels_last)


def distance(x: Tensor) -> int:
    """From one pixel to the next, in numbers. (PyTorch leaves open what the stride of a single line or column is.)"""
    return next((x.stride(axis) for axis in (3, 2, 0) if x.shape[axis] > 1), x.shape[1])


def refuse_second_derivatives() -> None:
    """PyTorch's `once_differentiable` would take them for 0 wherever the loss is linear, and say nothing."""
    if torch.is_grad_enabled():  # by `create_graph=True`
        raise RuntimeError("the compiled layers have no second derivatives; set POSENET_CPU_KERNELS=off for them")
