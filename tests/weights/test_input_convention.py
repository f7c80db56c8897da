"""The first convolution answers as its source's does on its own kind of input."""

from pathlib import Path

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from posenet_lib.data.transforms import CROP, Corner, network_input
from posenet_lib.models.posenet import PoseNet
from posenet_lib.weights import input_convention as conventions
from posenet_lib.weights.pretrained import load_pretrained
from tests.support.weight_files import (
    places_arrays,
    randomised,
    tensorflow_arrays,
    torchvision_googlenet,
)

MEAN = torch.tensor([0.485, 0.456, 0.406])  # ImageNet's, typed in from torchvision's documentation
STD = torch.tensor([0.229, 0.224, 0.225])


def inside(outputs: torch.Tensor) -> torch.Tensor:
    """Without the places that padding reaches: a 7x7 convolution with stride 2 and padding 3."""
    return outputs[..., 2:-2, 2:-2]


def assert_same(found: torch.Tensor, expected: torch.Tensor) -> None:
    assert (found - expected).abs().max() <= 1e-4 * expected.abs().max()


def seen_by(source: str, photo: torch.Tensor, mean: torch.Tensor) -> torch.Tensor:
    """What the source's network was fed, written down from its own description, [1, 3, 224, 224].

    Args:
        mean: what its author subtracts, 0..255: our scene's mean image stands there.
    """
    centred = (photo.float() - mean)[16 : 16 + CROP, 50 : 50 + CROP].movedim(-1, 0)[None]
    if source == "caffe":
        return centred
    if source == "tensorflow":
        return centred.flip(1)  # BGR
    normalised = centred / 255 / STD.view(1, 3, 1, 1)  # (v / 255 - mean) / std
    if source == "resnet":
        return normalised
    # GoogLeNet.transform_input, channel by channel
    channels = [normalised[:, c] * (STD[c] / 0.5) + (MEAN[c] - 0.5) / 0.5 for c in range(3)]
    return torch.stack(channels, dim=1)


def first_convolution(source: str, files: Path) -> tuple[nn.Module, torch.Tensor]:
    """-> (our first layer up to where both can be compared, the source's layer's outputs as a function)."""
    if source == "caffe":
        model = PoseNet()
        load_pretrained(model, files / "places-googlenet.pickle")
        weight, bias = (torch.tensor(places_arrays()[f"conv1/7x7_s2_{part}"]) for part in (0, 1))
        return model.trunk.stem[0][0], lambda x: F.conv2d(x, weight, bias, stride=2, padding=3)
    if source == "tensorflow":
        model = PoseNet()
        load_pretrained(model, files / "posenet.npy")
        conv1 = tensorflow_arrays()["conv1"]
        weight = torch.tensor(conv1["weights"].transpose(3, 2, 0, 1).copy())
        return model.trunk.stem[0][0], lambda x: F.conv2d(x, weight, torch.tensor(conv1["biases"]), stride=2, padding=3)
    if source == "googlenet":
        model = PoseNet(trunk="googlenet-bn").eval()
        load_pretrained(model, files / "googlenet.pth")
        theirs = torchvision_googlenet().conv1
        convolution, normalise, _ = model.trunk.stem[0]  # without its ReLU: what is below zero is compared too
        return nn.Sequential(convolution, normalise), lambda x: theirs.bn(theirs.conv(x))
    theirs = randomised(resnet(18), 3)
    ours = PoseNet(trunk="resnet18").eval()
    torch.save(theirs.state_dict(), files / "resnet18.pth")
    load_pretrained(ours, files / "resnet18.pth")
    return nn.Sequential(ours.trunk.conv1, ours.trunk.bn1), lambda x: theirs.bn1(theirs.conv1(x))


def resnet(depth: int) -> nn.Module:
    import torchvision

    return getattr(torchvision.models, f"resnet{depth}")(weights=None)


@pytest.mark.parametrize("source", ["caffe", "tensorflow", "googlenet", "resnet"])
@torch.no_grad()
def test_first_convolution_answers_as_the_sources_does(source, files, photo, mean_image):
    ours, theirs = first_convolution(source, files)
    found = ours(network_input(photo, mean_image, Corner(16, 50))[None])
    assert_same(inside(found), inside(theirs(seen_by(source, photo, mean_image))))
    # With ImageNet's own mean in place of a mean image, it is torchvision's preprocessing to the letter.
    constant = (255 * MEAN).expand(photo.shape)
    found = ours(network_input(photo, constant, Corner(16, 50))[None])
    assert_same(inside(found), inside(theirs(seen_by(source, photo, constant))))


@torch.no_grad()
def test_without_folding_the_features_are_lost(files, photo, mean_image):
    """Why all of this is done: the same weights on our input, as they are, answer something else."""
    _, theirs = first_convolution("caffe", files)
    expected = theirs(seen_by("caffe", photo, mean_image))
    unfolded = theirs(network_input(photo, mean_image, Corner(16, 50))[None])
    assert torch.nn.functional.cosine_similarity(inside(expected).flatten(), inside(unfolded).flatten(), dim=0) < 0.99
    assert inside(unfolded).std() < 0.05 * inside(expected).std()


def test_channel_order_is_an_argument(files):
    weight = torch.randn(4, 3, 7, 7)
    rgb, bgr = (convention.fold(weight) for convention in (conventions.CAFFE_RGB, conventions.CAFFE_BGR))
    torch.testing.assert_close(bgr.weight, rgb.weight.flip(1))
    model = PoseNet()
    load_pretrained(model, files / "places-googlenet.pickle", conventions.CAFFE_BGR)
    swapped = 127.5 * torch.tensor(places_arrays()["conv1/7x7_s2_0"]).flip(1)
    torch.testing.assert_close(model.trunk.stem[0][0].weight.detach(), swapped)
