"""The workbook's LRN against PyTorch's, and its hand-written gradient against finite differences."""

import pytest
import torch
from torch import nn

from posenet_lib.fast import for_training
from posenet_lib.fast.local_response_norm import FastLocalResponseNorm
from posenet_lib.models.googlenet import GoogLeNet

GOOGLENET = {"size": 5, "alpha": 1e-4, "beta": 0.75, "k": 1.0}


def both(settings, x):
    """Output and gradient of ours and of PyTorch's."""
    weights = torch.randn(x.shape, generator=torch.Generator().manual_seed(1), dtype=x.dtype)
    results = []
    for kind in (FastLocalResponseNorm, nn.LocalResponseNorm):
        leaf = x.detach().clone(memory_format=torch.preserve_format).requires_grad_()
        y = kind(**settings)(leaf)
        (y * weights).sum().backward()
        results.append((y.detach(), leaf.grad))
    return results


@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
@pytest.mark.parametrize("scale", [1.0, 300.0])
def test_float32_numbers_are_pytorchs(layout, scale):
    x = (scale * torch.randn(3, 64, 9, 7)).contiguous(memory_format=layout)
    (y, gradient), (expected, expected_gradient) = both(GOOGLENET, x)
    torch.testing.assert_close(y / scale, expected / scale, atol=1e-6, rtol=1e-6)
    torch.testing.assert_close(gradient, expected_gradient, atol=3e-6, rtol=3e-6)
    assert y.is_contiguous(memory_format=layout)


@pytest.mark.parametrize("size", [1, 2, 4, 5, 7])
@pytest.mark.parametrize("beta", [0.75, 0.6])
def test_gradient_is_that_of_finite_differences(size, beta):
    """Small sizes and strong settings, so that every term counts; 5 channels are fewer than the widest window needs."""
    x = torch.randn(2, 5, 3, 2, dtype=torch.float64, requires_grad=True)
    settings = {"size": size, "alpha": 0.5, "beta": beta, "k": 1.3}
    assert torch.autograd.gradcheck(FastLocalResponseNorm(**settings), x)
    (y, _), (expected, _) = both(settings, x)
    torch.testing.assert_close(y, expected)


def test_a_window_wider_than_the_channels():
    (y, gradient), expected = both({"size": 9, "alpha": 0.5, "beta": 0.75, "k": 1.0}, torch.randn(2, 3, 4, 4))
    torch.testing.assert_close((y, gradient), expected)


def test_sixteen_bits_stay_and_cost_one_rounding():
    x = (100 * torch.randn(2, 64, 8, 8)).bfloat16().contiguous(memory_format=torch.channels_last)
    y = FastLocalResponseNorm(**GOOGLENET)(x)
    assert y.dtype == torch.bfloat16
    expected = nn.LocalResponseNorm(**GOOGLENET)(x.float())
    torch.testing.assert_close(y.float(), expected, atol=0, rtol=2**-8)


def test_an_empty_batch():
    assert FastLocalResponseNorm(**GOOGLENET)(torch.empty(0, 64, 8, 8)).shape == (0, 64, 8, 8)


def test_the_trunk_uses_it_in_mixed_precision():
    """No float32 between the bfloat16 convolutions: PyTorch's own has no bfloat16 and hands float32 on."""
    formats = []
    trunk = for_training(GoogLeNet()).eval()
    for module in trunk.modules():
        if isinstance(module, nn.LocalResponseNorm):
            module.register_forward_hook(lambda _, __, y: formats.append(y.dtype))
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        trunk(torch.randn(1, 3, 224, 224))
    assert formats == [torch.bfloat16, torch.bfloat16]
