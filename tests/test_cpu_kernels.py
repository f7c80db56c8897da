"""The compiled layers against PyTorch's own, in float32."""

import pytest
import torch
import torch.nn.functional as F
from compiled_layers import compiled, has_run, images
from posenet_lib.cpu_kernels import tensors
from posenet_lib.cpu_kernels.batch_norm import BatchNormReLU
from posenet_lib.cpu_kernels.max_pool import MaxPool3x3
from torch import nn
from torch._subclasses import FakeTensorMode

from posenet_lib.models.posenet import PoseNet
from posenet_lib.training.step import stand_in_loss


@compiled
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("shape", [(2, 64, 20, 31), (3, 528, 14, 14), (1, 32, 1, 1), (2, 40, 2, 3), (1, 832, 7, 7)])
def test_pooling_is_pytorchs_to_the_last_bit(stride, shape, monkeypatch):
    x = images(*shape)
    x[:, ::3] = F.relu(x[:, ::3])  # many equal zeros beside negative numbers
    x.requires_grad_()
    pool = MaxPool3x3(stride)
    assert has_run(lambda: pool(x), monkeypatch)
    y = pool(x)
    reference = x.detach().float().requires_grad_()
    expected = F.max_pool2d(reference, 3, stride, 1)
    assert torch.equal(y.float(), expected)
    gradient = images(*y.shape, generator=1)
    (ours,) = torch.autograd.grad(y, x, gradient)
    (theirs,) = torch.autograd.grad(expected, reference, gradient.float())
    assert torch.equal(ours, theirs.bfloat16())


@compiled
@pytest.mark.parametrize("shape", [(4, 64, 9, 11), (2, 3, 5, 5), (8, 208, 14, 14), (2, 16, 1, 1), (3, 130, 7, 7)])
@pytest.mark.parametrize("far_off", [0.0, 30.0])
def test_batch_norm_is_that_of_float32(shape, far_off, monkeypatch):
    x = images(*shape) * 2 + far_off
    x = x.contiguous(memory_format=torch.channels_last).requires_grad_()
    ours, theirs = BatchNormReLU(shape[1], eps=0.001), nn.BatchNorm2d(shape[1], eps=0.001)
    with torch.no_grad():
        ours.weight.normal_(generator=torch.Generator().manual_seed(2))  # of either sign
        ours.bias.normal_(generator=torch.Generator().manual_seed(3))
    theirs.load_state_dict(ours.state_dict())
    assert has_run(lambda: BatchNormReLU(shape[1])(x), monkeypatch)

    reference = x.detach().float().requires_grad_()
    y, expected = ours(x), F.relu(theirs(reference))
    torch.testing.assert_close(y.float(), expected, rtol=2**-8, atol=2**-8)
    for name, value in ours.state_dict().items():
        torch.testing.assert_close(value, theirs.state_dict()[name], rtol=1e-4, atol=1e-4, msg=name)

    gradient = images(*shape, generator=1)
    gradient[expected.abs() < 0.02] = 0  # rounding decides on which side of the kink such a value lies
    found = torch.autograd.grad(y, (x, ours.weight, ours.bias), gradient)
    wanted = torch.autograd.grad(expected, (reference, theirs.weight, theirs.bias), gradient.float())
    for one, other in zip(found, wanted, strict=True):
        torch.testing.assert_close(one.float(), other, rtol=0.01, atol=0.01 * other.abs().max().item())


@compiled
def test_a_gradient_that_is_a_slice_needs_no_copy():
    x = images(2, 32, 6, 5).requires_grad_()
    wide = images(2, 96, 6, 5, generator=1)
    results = []
    for gradient in (wide[:, 32:64], wide[:, 32:64].contiguous(memory_format=torch.channels_last)):
        (result,) = torch.autograd.grad(BatchNormReLU(32)(x), x, gradient)
        results.append(result)
    assert torch.equal(*results)
    rows = tensors.pixels(wide[:, 32:64])
    assert rows.stride(3) == 96
    assert rows.data_ptr() == wide[:, 32:64].data_ptr()


@compiled
@pytest.mark.parametrize("bad", [float("nan"), -float("nan"), float("inf")])
def test_what_is_not_a_number_stays_so(bad):
    x = images(2, 64, 8, 8)
    x[1, 7, 3, 3] = bad
    assert not BatchNormReLU(64)(x)[:, 7].isfinite().any()
    pooled = MaxPool3x3(1)(x)
    assert torch.equal(pooled.isfinite(), F.max_pool2d(x.float(), 3, 1, 1).isfinite())


@compiled
@pytest.mark.parametrize("stale", [float("nan"), 1e5])
def test_in_training_old_statistics_do_not_matter(stale):
    x, layer = images(2, 32, 4, 4), BatchNormReLU(32)
    expected = layer(x)
    layer.running_mean.fill_(stale)
    assert torch.equal(layer(x), expected)


@compiled
@pytest.mark.parametrize(
    "settings", [{"affine": False}, {"momentum": None}, {"track_running_stats": False}, {"dtype": torch.bfloat16}]
)
def test_unusual_settings_are_left_to_pytorch(settings):
    x = images(2, 32, 4, 4)
    expected = F.relu(nn.BatchNorm2d(32, **settings)(x))
    assert torch.equal(BatchNormReLU(32, **settings)(x), expected)


@compiled
@pytest.mark.parametrize("shape", [(0, 32, 4, 4), (1, 32, 1, 1), (2, 64, 4, 4), (2, 1, 4, 4), (2, 32, 0, 4)])
def test_odd_shapes_give_what_pytorchs_layers_give(shape):
    """The result or the error, for a layer of 32 channels."""
    x = torch.zeros(shape, dtype=torch.bfloat16).contiguous(memory_format=torch.channels_last)
    pairs = [
        (BatchNormReLU(32), nn.Sequential(nn.BatchNorm2d(32), nn.ReLU())),
        (MaxPool3x3(2), nn.MaxPool2d(3, 2, 1)),
    ]
    for ours, theirs in pairs:
        try:
            expected = theirs(x)
        except (RuntimeError, ValueError) as error:
            with pytest.raises(type(error)) as found:
                ours(x)
            assert str(found.value) == str(error)
        else:
            torch.testing.assert_close(ours(x), expected)


def test_pooling_has_no_other_stride():
    with pytest.raises(ValueError, match="stride is 3; choose 1 or 2"):
        MaxPool3x3(3)


@compiled
def test_channels_beyond_a_threads_stack_are_left_to_pytorch():
    with torch.no_grad():
        assert BatchNormReLU(2_000_000)(images(2, 2_000_000, 1, 1)).isfinite().all()


@compiled
def test_tensors_without_memory_are_left_to_pytorch():
    with FakeTensorMode():
        x = torch.empty(2, 64, 8, 8, dtype=torch.bfloat16).contiguous(memory_format=torch.channels_last)
        assert MaxPool3x3(2)(BatchNormReLU(64)(x)).shape == (2, 64, 4, 4)


@compiled
@pytest.mark.parametrize("layer", [BatchNormReLU(32), MaxPool3x3(1)], ids=["batch norm", "pooling"])
def test_second_derivatives_are_refused_rather_than_missing(layer):
    x = images(2, 32, 4, 4).requires_grad_()
    with pytest.raises(RuntimeError, match="POSENET_CPU_KERNELS=off"):
        torch.autograd.grad(layer(x).float().sum(), x, create_graph=True)


@compiled
def test_any_number_of_threads_gives_the_same():
    x, results = images(3, 48, 7, 7), []
    before = torch.get_num_threads()
    try:
        for threads in (1, 2, 5):
            torch.set_num_threads(threads)
            inputs = x.clone().requires_grad_()
            y = BatchNormReLU(48)(MaxPool3x3(1)(inputs))
            results.append(torch.autograd.grad(y.float().square().sum(), inputs)[0].float())
    finally:
        torch.set_num_threads(before)
    for result in results[1:]:
        torch.testing.assert_close(result, results[0], rtol=0.02, atol=0.02 * results[0].abs().max().item())


@compiled
@pytest.mark.parametrize("batch_norm", [True, False])
def test_a_step_of_the_whole_network_has_the_gradients_it_had(batch_norm, monkeypatch):
    """Against the same 16-bit step without the kernels, and no further from the float32 one than that is."""
    photos, gradients = torch.rand(4, 3, 224, 224), {}
    for way in ("float32", "kernels", "pytorch"):
        with monkeypatch.context() as patch:
            if way != "kernels":
                patch.setattr(tensors, "library", lambda: None)
            torch.manual_seed(0)
            model = PoseNet(batch_norm=batch_norm, dropout=0.0, aux_dropout=0.0).train()
            model.to(memory_format=torch.channels_last)
            with torch.autocast("cpu", torch.bfloat16, enabled=way != "float32"):
                loss = stand_in_loss(model(photos))
            loss.backward()
            gradients[way] = torch.cat([parameter.grad.flatten() for parameter in model.parameters()])

    def apart(one: str, other: str) -> float:
        return ((gradients[one] - gradients[other]).norm() / gradients[other].norm()).item()

    assert apart("kernels", "float32") < 1.1 * apart("pytorch", "float32")
