"""The network's shapes and sizes against the paper's tables."""

import pytest
import torch
from torch import nn

from posenet_lib.models.googlenet import INCEPTION_TABLE, GoogLeNet, Inception

# Stage, output shape for one 224x224 photo, as in the specification's table.
STAGES = {
    "stem": (192, 28, 28),
    "inception3a": (256, 28, 28),
    "inception3b": (480, 28, 28),
    "pool3": (480, 14, 14),
    "inception4a": (512, 14, 14),
    "inception4b": (512, 14, 14),
    "inception4c": (512, 14, 14),
    "inception4d": (528, 14, 14),
    "inception4e": (832, 14, 14),
    "pool4": (832, 7, 7),
    "inception5a": (832, 7, 7),
    "inception5b": (1024, 7, 7),
}
# (in; 1x1; 3x3 reduce, 3x3; 5x5 reduce, 5x5; projection), typed in from the paper, not read from the code.
PAPER = {
    "3a": (192, 64, 96, 128, 16, 32, 32),
    "3b": (256, 128, 128, 192, 32, 96, 64),
    "4a": (480, 192, 96, 208, 16, 48, 64),
    "4b": (512, 160, 112, 224, 24, 64, 64),
    "4c": (512, 128, 128, 256, 24, 64, 64),
    "4d": (512, 112, 144, 288, 32, 64, 64),
    "4e": (528, 256, 160, 320, 32, 128, 128),
    "5a": (832, 256, 160, 320, 32, 128, 128),
    "5b": (832, 384, 192, 384, 48, 128, 128),
}
STEM_PARAMETERS = (7 * 7 * 3 * 64 + 64) + (64 * 64 + 64) + (3 * 3 * 64 * 192 + 192)


def inception_parameters(row: tuple[int, ...]) -> int:
    inputs, one, reduce3, three, reduce5, five, projection = row
    weights = inputs * (one + reduce3 + reduce5 + projection) + 9 * reduce3 * three + 25 * reduce5 * five
    return weights + one + reduce3 + three + reduce5 + five + projection


def count(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


@pytest.fixture(scope="module", params=[False, True], ids=["plain", "batch norm"])
def trunk(request):
    return GoogLeNet(batch_norm=request.param).eval()


def test_every_stage_has_the_papers_shape(trunk):
    seen = {}
    for name, module in trunk.named_children():
        module.register_forward_hook(lambda _, __, out, name=name: seen.__setitem__(name, tuple(out.shape[1:])))
    with torch.no_grad():
        features = trunk(torch.randn(1, 3, 224, 224))
    assert seen == STAGES
    assert [tuple(feature.shape[1:]) for feature in features] == [(512, 14, 14), (528, 14, 14), (1024, 7, 7)]


def test_stem_inside():
    stem = GoogLeNet().stem
    x, shapes = torch.randn(1, 3, 224, 224), []
    for layer in stem:
        x = layer(x)
        shapes.append((type(layer).__name__, *x.shape[1:]))
    assert shapes == [
        ("ConvReLU", 64, 112, 112),
        ("MaxPool2d", 64, 56, 56),
        ("LocalResponseNorm", 64, 56, 56),
        ("ConvReLU", 64, 56, 56),
        ("ConvReLU", 192, 56, 56),
        ("LocalResponseNorm", 192, 56, 56),
        ("MaxPool2d", 192, 28, 28),
    ]


def test_parameter_counts_of_every_block():
    trunk = GoogLeNet()
    assert count(trunk.stem) == STEM_PARAMETERS
    assert {name: tuple(row) for name, row in INCEPTION_TABLE.items()} == PAPER
    for name, row in PAPER.items():
        assert count(getattr(trunk, f"inception{name}")) == inception_parameters(row), name


def test_branches_are_concatenated_in_the_papers_order():
    """Silence all branches but one: its channels, and only they, must answer."""
    for silent in range(4):
        block = Inception(INCEPTION_TABLE["3a"], batch_norm=False)
        for number, branch in enumerate((block.branch1, block.branch2, block.branch3, block.branch4)):
            last = [module for module in branch.modules() if isinstance(module, nn.Conv2d)][-1]
            nn.init.zeros_(last.weight)
            nn.init.constant_(last.bias, 0.0 if number == silent else 1.0)
        out = block(torch.randn(1, 192, 5, 5))
        widths = torch.tensor([64, 128, 32, 32])
        expected = torch.repeat_interleave((torch.arange(4) != silent).float(), widths)
        assert torch.equal(out[0, :, 2, 2], expected)


def test_lrn_normalises_over_five_channels():
    (lrn,) = {(m.size, m.alpha, m.beta, m.k) for m in GoogLeNet().modules() if isinstance(m, nn.LocalResponseNorm)}
    assert lrn == (5, 1e-4, 0.75, 1.0)
    assert not any(isinstance(m, nn.LocalResponseNorm) for m in GoogLeNet(batch_norm=True).modules())


@pytest.mark.parametrize("batch_norm", [False, True])
def test_a_part_of_the_stem_can_be_looked_at(batch_norm):
    stem = GoogLeNet(batch_norm=batch_norm).stem
    assert stem[:1](torch.rand(2, 3, 32, 32)).shape == (2, 64, 16, 16)
    assert stem[:5](torch.rand(2, 3, 32, 32)).shape == (2, 192, 8, 8)
