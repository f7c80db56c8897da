"""What the tests of the compiled layers share."""

import shutil
import sys

import pytest
import torch
from posenet_lib.cpu_kernels import tensors

compiled = pytest.mark.skipif(
    sys.platform != "linux" or not shutil.which("cc"),
    reason="there is no C compiler here, so PyTorch and Pillow do it all",
)


def images(*shape: int, generator: int = 0) -> torch.Tensor:
    values = torch.randn(shape, generator=torch.Generator().manual_seed(generator))
    return values.bfloat16().contiguous(memory_format=torch.channels_last)


def has_run(function, monkeypatch) -> bool:
    """Whether the kernels did it: with them taken away, the gradient function is another."""
    with_kernels = type(function().grad_fn).__name__
    with monkeypatch.context() as patch:
        patch.setattr(tensors, "library", lambda: None)
        return with_kernels != type(function().grad_fn).__name__
