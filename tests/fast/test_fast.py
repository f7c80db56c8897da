"""The fast path against the plain one: the same training curve, the same predictions."""

import copy

import pytest
import torch
from torch import nn

from posenet_lib import fast as fast_network
from posenet_lib.benchmark import handout
from posenet_lib.cli import main
from posenet_lib.core import device
from posenet_lib.core.config import TrainConfig
from posenet_lib.core.errors import WorkbookError
from posenet_lib.fast import ready_to_predict
from posenet_lib.geometry.poses import Pose
from posenet_lib.models.posenet import PoseNet
from posenet_lib.training.schedule import make_optimizer
from posenet_lib.training.step import stand_in_loss


def losses(model: PoseNet, images: torch.Tensor, optimizer: torch.optim.Optimizer, **autocast) -> list[float]:
    """Of a few steps on one batch."""
    found = []
    for _ in range(3):
        with torch.autocast("cpu", torch.bfloat16, **autocast):
            output = model(images)
        loss = stand_in_loss(output) + (output.main.position_m - 3).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        found.append(loss.item())
    return found


@pytest.mark.parametrize("batch_norm", [False, True])
def test_a_training_run_has_the_same_curve(batch_norm):
    """Plain: contiguous, PyTorch's LRN, unfused optimiser. In float32 rounding is left, in bfloat16 3 %."""
    torch.manual_seed(0)
    plain = handout.network(batch_norm=batch_norm)
    for module in plain.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    config = TrainConfig(batch_norm=batch_norm, learning_rate=3e-4)
    images = torch.randn(2, 3, 224, 224)
    fast = []
    for enabled in (False, True):
        model = PoseNet(batch_norm=batch_norm, dropout=0, aux_dropout=0).to(memory_format=torch.channels_last)
        model.load_state_dict(plain.state_dict())
        channels_last = images.contiguous(memory_format=torch.channels_last)
        fast.append(losses(model, channels_last, make_optimizer(model, config), enabled=enabled))
    groups = [{**group, "fused": None} for group in make_optimizer(plain, config).param_groups]
    expected = losses(plain, images, torch.optim.AdamW(groups, lr=config.learning_rate), enabled=False)
    assert expected[-1] < expected[0], "it learns"
    assert fast[0] == pytest.approx(expected, rel=2e-3)
    assert fast[1] == pytest.approx(expected, rel=3e-2)


@pytest.fixture
def trained() -> PoseNet:
    """Batch norm that has seen something: fresh, it would be the identity."""
    torch.manual_seed(1)
    model = PoseNet(batch_norm=True)
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.running_mean, std=0.2)
            nn.init.uniform_(module.running_var, 0.5, 2.0)
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, std=0.2)
    return model.eval()


def difference(first: Pose, second: Pose) -> float:
    return max((a - b).abs().max().item() / b.abs().max().item() for a, b in zip(first, second, strict=True))


@torch.no_grad()
def test_predictions_stay(trained):
    images = torch.randn(2, 3, 224, 224)
    state = copy.deepcopy(trained.state_dict())
    expected = trained(images).main
    fast = ready_to_predict(trained)
    assert not [module for module in fast.modules() if isinstance(module, nn.BatchNorm2d)]
    assert difference(fast(images).main, expected) < 1e-4
    assert difference(ready_to_predict(trained, precision="bf16")(images).main, expected) < 0.05
    for name, value in trained.state_dict().items():
        assert torch.equal(value, state[name]), f"{name} of the given network changed"
    assert difference(trained(images).main, expected) < 1e-6


@torch.no_grad()
@pytest.mark.parametrize("count", [1, 2])
def test_the_plain_trunk_has_nothing_to_fold(count):
    model = PoseNet().eval()
    images = torch.randn(count, 3, 224, 224)
    assert difference(ready_to_predict(model)(images).main, model(images).main) < 1e-4


@torch.no_grad()
@pytest.mark.parametrize("precision", ["float32", "bf16"])
def test_one_photo_gets_the_pose_that_it_gets_in_a_batch(trained, precision):
    """Alone it has weights of its own layout; after a batch of another size, and of another height, too."""
    fast, images = ready_to_predict(trained, precision=precision), torch.randn(3, 3, 224, 224)
    assert any(isinstance(module, fast_network._ConvolutionReLU) for module in fast.modules())
    together = fast(images).main
    for number in (0, 2, 1):
        alone = fast(images[number : number + 1]).main
        assert difference(alone, Pose(*(part[number : number + 1] for part in together))) < 1e-4
        assert difference(copy.deepcopy(fast)(images[number : number + 1]).main, alone) < 1e-6
    low = torch.randn(1, 3, 200, 240)
    assert difference(fast(low).main, Pose(*(part[:1] for part in fast(torch.cat([low, low])).main))) < 1e-4


@torch.no_grad()
def test_without_onednn_nothing_is_fused(trained, monkeypatch):
    monkeypatch.setattr(fast_network, "_has_onednn", lambda: False)
    fast, images = ready_to_predict(trained), torch.randn(1, 3, 224, 224)
    assert not any(isinstance(module, fast_network._ConvolutionReLU) for module in fast.modules())
    assert difference(fast(images).main, trained(images).main) < 1e-4


def test_compiling_needs_a_compiler(monkeypatch, small_scene, tmp_path, capsys):
    monkeypatch.setattr(device.shutil, "which", lambda name: None)
    answers = ["--answers", str(tmp_path.parent)]
    with pytest.raises(WorkbookError, match=r"C\+\+ compiler"):
        device.compile_if_asked(PoseNet(), TrainConfig(compile=True))
    assert main(["train", "--scene", str(small_scene), "--out", str(tmp_path / "run"), "--compile", *answers]) == 2
