"""Torchvision's GoogLeNet: its blocks answer alike."""

import pytest
import torch

from posenet_lib.models.posenet import PoseNet
from posenet_lib.weights.pretrained import load_pretrained
from tests.support.weight_files import (
    torchvision_googlenet,
)


@pytest.mark.parametrize("name", ["googlenet.pth", "googlenet-new.pth"])
@torch.no_grad()
def test_torchvision_blocks_answer_alike(files, name):
    model = PoseNet(trunk="googlenet-bn").eval()
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
