"""ResNet trunks: torchvision's names, the main head alone."""

import pytest
import torch
from torchvision.models import resnet18

from posenet_lib.geometry.poses import Pose
from posenet_lib.models.posenet import PoseNet, PoseNetOutput
from posenet_lib.workbook import load_answer
from tests.support.places import ANSWERS


def shapes(output: PoseNetOutput) -> list[tuple[int, ...]]:
    return [tuple(tensor.shape) for pose in output if pose for tensor in pose]


def test_a_resnet_has_the_main_head_alone_and_torchvisions_names():
    model = PoseNet(trunk="resnet18").train()
    theirs = resnet18().state_dict()
    ours = {name: tuple(value.shape) for name, value in model.trunk.state_dict().items()}
    assert ours == {name: tuple(v.shape) for name, v in theirs.items() if not name.startswith("fc.")}
    output = model(torch.randn(2, 3, 224, 224))
    assert shapes(output) == [(2, 3), (2, 4)]
    PoseLoss = load_answer("PoseLoss", ANSWERS)  # noqa: N806
    target = Pose(torch.zeros(2, 3), torch.tensor([[1.0, 0, 0, 0]]).repeat(2, 1))
    PoseLoss(beta=3.0)(output, target).backward()  # the student's loss as it is
    assert all(p.grad is not None and p.grad.isfinite().all() for p in model.parameters())


@pytest.mark.parametrize(("trunk", "channels"), [("resnet34", 512), ("resnet50", 2048)])
def test_larger_resnets(trunk, channels):
    model = PoseNet(trunk=trunk).eval()
    assert model.main.fc.in_features == channels
    with torch.no_grad():
        assert shapes(model(torch.randn(1, 3, 64, 64))) == [(1, 3), (1, 4)]
