"""Torchvision's ResNets."""

import pytest
import torch
from torch import nn

from posenet_lib.core.errors import WorkbookError
from posenet_lib.models.posenet import PoseNet
from posenet_lib.weights.inspect import inspect_file
from posenet_lib.weights.pretrained import load_pretrained
from tests.support.weight_files import (
    randomised,
)


def resnet(depth: int) -> nn.Module:
    import torchvision

    return getattr(torchvision.models, f"resnet{depth}")(weights=None)


@pytest.mark.parametrize("depth", [18, 34, 50])
def test_resnets(depth, tmp_path):
    theirs = randomised(resnet(depth), depth).state_dict()
    older = {name: value for name, value in theirs.items() if not name.endswith("num_batches_tracked")}
    torch.save(older, tmp_path / "resnet.pth")
    assert inspect_file(tmp_path / "resnet.pth").fits == f"resnet{depth}"
    model = PoseNet(trunk=f"resnet{depth}").eval()
    report = load_pretrained(model, tmp_path / "resnet.pth")
    same = [name for name in older if name not in ("conv1.weight", "bn1.running_mean") and not name.startswith("fc.")]
    assert all(torch.equal(model.state_dict()[f"trunk.{name}"], older[name]) for name in same)
    assert "main.fc.weight" in report.fresh
    network = randomised(resnet(depth), depth)
    network.conv1, network.bn1 = model.trunk.conv1, model.trunk.bn1  # these two differ: test_input_convention
    network.fc = network.avgpool = nn.Identity()
    photo = torch.randn(1, 3, 64, 64)
    with torch.no_grad():
        torch.testing.assert_close(model.trunk(photo)[-1].flatten(1), network(photo), rtol=1e-3, atol=1e-3)
    with pytest.raises(WorkbookError, match=f"fits the trunk 'resnet{depth}'"):
        load_pretrained(PoseNet(), tmp_path / "resnet.pth")
