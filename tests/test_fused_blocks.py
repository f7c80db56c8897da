"""Layers that are computed as one step in training, against the same layers one by one."""

import pytest
import torch
from compiled_layers import compiled, images
from posenet_lib.cpu_kernels import tensors
from posenet_lib.cpu_kernels.batch_norm import BatchNormReLU
from posenet_lib.cpu_kernels.max_pool import MaxPool3x3
from torch import nn

from posenet_lib.fast.local_response_norm import LocalResponseNorm
from posenet_lib.models.googlenet import GoogLeNet, Inception, InceptionChannels

SMALL = InceptionChannels(40, 32, 17, 48, 3, 16, 20)


def a_layer(channels: int) -> BatchNormReLU:
    layer = BatchNormReLU(channels, eps=0.001)
    with torch.no_grad():
        layer.weight.normal_(generator=torch.Generator().manual_seed(2))  # of either sign
        layer.bias.normal_(generator=torch.Generator().manual_seed(3))
    return layer


@compiled
@pytest.mark.parametrize("shape", [(3, 64, 20, 31), (2, 40, 7, 6), (4, 32, 1, 5), (1, 192, 9, 9), (2, 33, 2, 1)])
@pytest.mark.parametrize("threads", [1, 2, 5])
def test_batch_norm_and_the_pool_after_it(shape, threads):
    x, before = images(*shape), torch.get_num_threads()
    together, apart, pool = a_layer(shape[1]), a_layer(shape[1]), MaxPool3x3(stride=2)
    inputs = [x.clone().requires_grad_() for _ in range(2)]
    torch.set_num_threads(threads)
    try:
        results = together.then_pooled(inputs[0], pool), pool(apart(inputs[1]))
        assert type(results[0].grad_fn).__name__ == "_NormalisedReLUPooledBackward"
        assert torch.equal(*results)
        gradient = images(*results[0].shape, generator=1)
        found, expected = (
            torch.autograd.grad(y, (given, layer.weight, layer.bias), gradient)
            for y, given, layer in zip(results, inputs, (together, apart), strict=True)
        )
    finally:
        torch.set_num_threads(before)
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one, other, rtol=2**-7, atol=2e-3 * other.abs().max().item())
    for name, value in together.state_dict().items():
        torch.testing.assert_close(value, apart.state_dict()[name], msg=name)


@compiled
def test_a_pool_that_keeps_the_size_comes_after():
    x = images(2, 64, 8, 8)
    pool = MaxPool3x3(stride=1)
    assert torch.equal(a_layer(64).then_pooled(x, pool), pool(a_layer(64)(x)))


def a_block(channels: InceptionChannels = SMALL) -> Inception:
    torch.manual_seed(0)
    block = Inception(channels, batch_norm=True).to(memory_format=torch.channels_last)
    for layer in block.modules():
        if isinstance(layer, BatchNormReLU):
            nn.init.normal_(layer.weight)
            nn.init.normal_(layer.bias)
    return block


def step(block: Inception, x: torch.Tensor, *, half: bool) -> dict[str, torch.Tensor]:
    """Output, gradients and statistics of one step."""
    x = x.clone().requires_grad_()
    with torch.autocast("cpu", torch.bfloat16, enabled=half):
        y = block(x)
    wanted = images(*y.shape, generator=4)
    y.backward(wanted.to(y.dtype))
    found = {"output": y, "input's gradient": x.grad, **block.state_dict()}
    return found | {f"gradient of {name}": parameter.grad for name, parameter in block.named_parameters()}


@compiled
@pytest.mark.parametrize("size", [(2, 7, 9), (3, 14, 14), (8, 1, 1)])
@pytest.mark.parametrize("channels", [SMALL, InceptionChannels(192, 64, 96, 128, 16, 32, 32)], ids=["odd", "3a"])
def test_an_inception_block(size, channels, monkeypatch):
    """As near to float32 as PyTorch's own layers in 16 bits are."""
    batch, height, width = size
    x = images(batch, channels.inputs, height, width)
    ours = step(a_block(channels), x, half=True)
    assert type(ours["output"].grad_fn).__name__ == "_InceptionBackward"
    exact = step(a_block(channels), x.float(), half=False)
    monkeypatch.setattr(tensors, "library", lambda: None)
    pytorchs = step(a_block(channels), x, half=True)
    assert ours.keys() == exact.keys() == pytorchs.keys()
    for name, value in ours.items():
        assert value.shape == exact[name].shape, name
        assert value.dtype == pytorchs[name].dtype, name
        reference = exact[name].float()
        found, usual = ((one.float() - reference).norm().item() for one in (value, pytorchs[name]))
        assert found <= 1.5 * usual + 3e-3 * reference.norm().item(), name


@compiled
def test_hooks_inside_a_block_are_called():
    block, seen = a_block(), []
    block.branch2[0].register_forward_hook(lambda _, __, y: seen.append(tuple(y.shape)))
    found = step(block, images(2, 40, 6, 6), half=True)
    assert seen == [(2, 17, 6, 6)]
    assert type(found["output"].grad_fn).__name__ != "_InceptionBackward"


@compiled
def test_hooks_in_the_stem_are_called():
    trunk, seen = GoogLeNet(batch_norm=True).to(memory_format=torch.channels_last), []
    for layer in (trunk.stem[0], trunk.stem[6], trunk.stem):
        layer.register_forward_hook(lambda _, __, y: seen.append(tuple(y.shape)))
    with torch.autocast("cpu", torch.bfloat16):
        trunk.stem(torch.rand(2, 3, 32, 32))
    assert seen == [(2, 64, 16, 16), (2, 192, 4, 4), (2, 192, 4, 4)]


@compiled
def test_blocks_that_are_frozen_or_evaluated_learn_nothing():
    block = a_block()
    before = {name: value.clone() for name, value in block.state_dict().items()}
    x = images(2, 40, 6, 6)
    with torch.autocast("cpu", torch.bfloat16):
        evaluated = block.eval()(x)
    assert all(torch.equal(value, before[name]) for name, value in block.state_dict().items())
    block.train().requires_grad_(False)
    with torch.autocast("cpu", torch.bfloat16), torch.no_grad():
        trained = block(x)
    assert trained.grad_fn is None
    assert not torch.equal(trained, evaluated)
    assert block.branch1[1].num_batches_tracked == 1


@compiled
def test_a_block_refuses_second_derivatives():
    x = images(2, 40, 6, 6).requires_grad_()
    with torch.autocast("cpu", torch.bfloat16):
        y = a_block()(x)
    with pytest.raises(RuntimeError, match="POSENET_CPU_KERNELS=off"):
        torch.autograd.grad(y.float().sum(), x, create_graph=True)


@compiled
def test_what_is_not_a_number_stays_so_in_a_block():
    x = images(2, 40, 6, 6)
    x[1, 7, 3, 3] = float("nan")
    with torch.autocast("cpu", torch.bfloat16):
        assert not a_block()(x)[:, : SMALL.one].isfinite().any()


@compiled
@pytest.mark.parametrize("shape", [(2, 64, 5, 7), (1, 192, 3, 3), (3, 1, 2, 2), (2, 3, 1, 1)])
def test_response_norm_in_16_bits(shape):
    x = (30 * images(*shape)).contiguous(memory_format=torch.channels_last).requires_grad_()
    settings = {"size": 5, "alpha": 0.05, "beta": 0.75, "k": 1.3}  # stronger than GoogLeNet's: every term counts
    y = LocalResponseNorm(**settings)(x)
    assert type(y.grad_fn).__name__ == "NormalisedResponseBackward"
    reference = x.detach().float().requires_grad_()
    expected = nn.LocalResponseNorm(**settings)(reference)
    torch.testing.assert_close(y.float(), expected, rtol=2**-8, atol=1e-30)
    gradient = images(*shape, generator=1)
    (found,) = torch.autograd.grad(y, x, gradient)
    (wanted,) = torch.autograd.grad(expected, reference, gradient.float())
    torch.testing.assert_close(found.float(), wanted, rtol=2**-7, atol=1e-5 * wanted.abs().max().item())


@compiled
def test_response_norm_with_other_settings_is_left_to_pytorch():
    x = images(2, 64, 4, 4).requires_grad_()
    for settings in ({"size": 3}, {"size": 5, "beta": 0.5}):
        assert type(LocalResponseNorm(**settings)(x).grad_fn).__name__ == "_NormaliseBackward"
