"""The whole network: outputs, dropout, gradients."""

import pytest
import torch

from posenet_lib.core.errors import WorkbookError
from posenet_lib.models.posenet import PoseNet


def test_monte_carlo_dropout_samples_the_dropout_of_training():
    model = PoseNet(trunk="resnet18", dropout=0.5).eval()
    images = torch.randn(2, 3, 64, 64)
    with torch.no_grad():
        samples = model.sample_poses(images, 200, torch.Generator().manual_seed(1))
        again = model.sample_poses(images, 1, torch.Generator().manual_seed(1))
        plain = model(images).main
    torch.testing.assert_close(samples[0].position_m, again[0].position_m)
    assert not torch.equal(samples[0].position_m, samples[1].position_m)
    drawn = torch.stack([sample.position_m for sample in samples])
    error = (drawn.mean(0) - plain.position_m).abs()  # inverted dropout: the mean stays
    assert (error < 5 * drawn.std(0) / 200**0.5).all()
    with pytest.raises(WorkbookError, match="dropout 0"):
        PoseNet(trunk="resnet18", dropout=0.0).sample_poses(images, 2, torch.Generator())


def test_a_trunk_that_there_is_not_names_the_valid_ones():
    with pytest.raises(WorkbookError, match="'vgg'; choose one of googlenet, googlenet-bn, resnet18"):
        PoseNet(trunk="vgg")


def test_six_tensors_in_training_two_in_evaluation():
    model = PoseNet()
    images = torch.randn(2, 3, 224, 224)
    output = model.train()(images)
    assert [tuple(t.shape) for pose in output for t in pose] == [(2, 3), (2, 4)] * 3
    output = model.eval()(images)
    assert (output.aux1, output.aux2) == (None, None)


def test_heads_read_their_own_stages():
    """The gradient of head 1 must not reach what lies behind 4a, that of head 2 nothing behind 4d."""
    reached = {}
    for head in ("aux1", "aux2", "main"):
        model = PoseNet().train()
        getattr(model(torch.randn(1, 3, 224, 224)), head).position_m.sum().backward()
        reached[head] = {
            name.split(".")[1]
            for name, parameter in model.named_parameters()
            if name.startswith("trunk.") and parameter.grad is not None
        }
    assert max(reached["aux1"]) == "stem"
    assert "inception4a" in reached["aux1"]
    assert reached["aux1"].isdisjoint({"inception4b", "inception4d", "inception5b"})
    assert "inception4d" in reached["aux2"]
    assert "inception4e" not in reached["aux2"]
    assert "inception5b" in reached["main"]


def test_gradients_reach_every_parameter():
    for trunk in ("googlenet", "googlenet-bn"):
        model = PoseNet(trunk=trunk).train()
        output = model(torch.randn(2, 3, 224, 224))
        sum(tensor.square().sum() for pose in output for tensor in pose).backward()
        assert all(p.grad is not None and p.grad.isfinite().all() for p in model.parameters())
