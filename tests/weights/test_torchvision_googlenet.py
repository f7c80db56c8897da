"""Torchvision's GoogLeNet: its blocks answer alike."""

from pathlib import Path

import pytest
import torch

from posenet_lib.models.posenet import PoseNet
from posenet_lib.weights.pretrained import load_pretrained
from tests.support.weight_files import (
    places_arrays,
    python2_npy,
    python2_pickle,
    tensorflow_arrays,
    torchvision_googlenet,
    write,
)


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> Path:
    """One file of each kind."""
    folder = tmp_path_factory.mktemp("weights")
    write(folder / "places-googlenet.pickle", python2_pickle(places_arrays()))
    write(folder / "posenet.npy", python2_npy(tensorflow_arrays()))
    state = torchvision_googlenet().state_dict()
    torch.save(state, folder / "googlenet.pth", _use_new_zipfile_serialization=False)
    torch.save(state, folder / "googlenet-new.pth")
    return folder


@pytest.mark.parametrize("name", ["googlenet.pth", "googlenet-new.pth"])
@torch.no_grad()
def test_torchvision_blocks_answer_alike(files, name):
    model = PoseNet(batch_norm=True).eval()
    report = load_pretrained(model, files / name)
    theirs = torchvision_googlenet()
    x = torch.rand(1, 192, 14, 14)
    torch.testing.assert_close(model.trunk.inception3a(x), theirs.inception3a(x), rtol=1e-4, atol=1e-4)
    x = torch.rand(1, 832, 7, 7)
    torch.testing.assert_close(model.trunk.inception5b(x), theirs.inception5b(x), rtol=1e-4, atol=1e-4)
    x = torch.rand(1, 528, 4, 4)
    torch.testing.assert_close(torch.relu(model.aux2.reduce(x)), theirs.aux2.conv(x), rtol=1e-4, atol=1e-4)
    x = torch.rand(1, 2048)
    torch.testing.assert_close(model.aux1.fc(x), theirs.aux1.fc1(x))
    assert set(report.unused) == {
        f"{layer}.{part}" for layer in ("fc", "aux1.fc2", "aux2.fc2") for part in ("weight", "bias")
    }
    assert "3x3 kernels stand in the middle" in str(report)
