"""The two doors against the plain network: the same training curve, the same predictions, the same parameters."""

import copy

import pytest
import torch
from torch import nn

from posenet_lib import fast
from posenet_lib.cli import main
from posenet_lib.core.config import TrainConfig
from posenet_lib.core.errors import WorkbookError
from posenet_lib.fast import for_prediction, for_training
from posenet_lib.fast.local_response_norm import FastLocalResponseNorm
from posenet_lib.geometry.poses import Pose
from posenet_lib.models.posenet import PoseNet
from posenet_lib.training.schedule import make_optimizer
from posenet_lib.training.step import stand_in_loss

TRUNKS = ["googlenet", "googlenet-bn"]


def losses(model: PoseNet, images: torch.Tensor, optimizer: torch.optim.Optimizer, **autocast) -> list[float]:
    """Of a few steps on one batch."""
    found = []
    nothing = Pose(torch.zeros(len(images), 3), torch.zeros(len(images), 4))
    for _ in range(3):
        with torch.autocast("cpu", torch.bfloat16, **autocast):
            output = model(images)
        loss = stand_in_loss(output, nothing) + (output.main.position_m - 3).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        found.append(loss.item())
    return found


@pytest.mark.parametrize("trunk", TRUNKS)
def test_a_training_run_has_the_same_curve(trunk):
    """Plain: contiguous, PyTorch's LRN, unfused optimiser. In float32 rounding is left, in bfloat16 3 %."""
    torch.manual_seed(0)
    plain = PoseNet(trunk=trunk, dropout=0, aux_dropout=0)
    config = TrainConfig(trunk=trunk, learning_rate=3e-4)
    images = torch.randn(2, 3, 224, 224)
    found = []
    for enabled in (False, True):
        model = PoseNet(trunk=trunk, dropout=0, aux_dropout=0)
        model.load_state_dict(plain.state_dict())
        optimizer = make_optimizer(model, config)
        assert for_training(model) is model
        channels_last = images.contiguous(memory_format=torch.channels_last)
        found.append(losses(model, channels_last, optimizer, enabled=enabled))
    groups = [{**group, "fused": None} for group in make_optimizer(plain, config).param_groups]
    expected = losses(plain, images, torch.optim.AdamW(groups), enabled=False)
    assert expected[-1] < expected[0], "it learns"
    assert found[0] == pytest.approx(expected, rel=2e-3)
    assert found[1] == pytest.approx(expected, rel=3e-2)


@pytest.mark.parametrize("trunk", [*TRUNKS, "resnet18"])
def test_parameters_keep_their_names_shapes_and_numbers(trunk):
    plain = PoseNet(trunk=trunk)
    for quick in (for_prediction(plain), for_training(copy.deepcopy(plain))):
        assert quick.state_dict().keys() == plain.state_dict().keys()
        assert all(torch.equal(value, plain.state_dict()[name]) for name, value in quick.state_dict().items())
        kinds = {type(module) for module in quick.modules()}
        assert (FastLocalResponseNorm in kinds) == (trunk == "googlenet")
        assert nn.LocalResponseNorm not in kinds


def a_trained_network(trunk: str) -> PoseNet:
    """Batch norm that has seen something: fresh, it would be the identity."""
    torch.manual_seed(1)
    model = PoseNet(trunk=trunk)
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.running_mean, std=0.2)
            nn.init.uniform_(module.running_var, 0.5, 2.0)
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, std=0.2)
    return model.train()


def difference(first: Pose, second: Pose) -> float:
    return max((a - b).abs().max().item() / b.abs().max().item() for a, b in zip(first, second, strict=True))


@torch.no_grad()
@pytest.mark.parametrize("trunk", TRUNKS)
@pytest.mark.parametrize("count", [1, 2])
def test_predictions_stay_and_the_given_network_too(trunk, count):
    given, images = a_trained_network(trunk), torch.randn(count, 3, 224, 224)
    state = copy.deepcopy(given.state_dict())
    quick = for_prediction(given)
    assert given.training and not quick.training
    assert all(parameter.requires_grad for parameter in given.parameters())
    expected = copy.deepcopy(given).eval()(images).main
    assert difference(quick(images).main, expected) < 1e-4
    for name, value in given.state_dict().items():
        assert torch.equal(value, state[name]), f"{name} of the given network changed"
    assert difference(given.eval()(images).main, expected) < 1e-6


@torch.no_grad()
@pytest.mark.parametrize("trunk", TRUNKS)
def test_one_photo_gets_the_pose_that_it_gets_in_a_batch(trunk):
    """After a batch of another size, and of another height, too; and in a copy of a network that has predicted."""
    quick, images = for_prediction(a_trained_network(trunk)), torch.randn(3, 3, 224, 224)
    together = quick(images).main
    for number in (0, 2, 1):
        alone = quick(images[number : number + 1]).main
        assert difference(alone, Pose(*(part[number : number + 1] for part in together))) < 1e-4
        assert difference(copy.deepcopy(quick)(images[number : number + 1]).main, alone) < 1e-6
    low = torch.randn(1, 3, 200, 240)
    assert difference(quick(low).main, Pose(*(part[:1] for part in quick(torch.cat([low, low])).main))) < 1e-4


def test_compiling_needs_a_compiler(monkeypatch, small_scene, tmp_path, capsys):
    monkeypatch.setattr(fast.shutil, "which", lambda name: None)
    answers = ["--answers", str(tmp_path.parent)]
    with pytest.raises(WorkbookError, match=r"C\+\+ compiler"):
        for_training(PoseNet(), compiled=True)
    assert main(["train", "--scene", str(small_scene), "--out", str(tmp_path / "run"), "--compile", *answers]) == 2
