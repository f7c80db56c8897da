"""A number format that a machine does not have is refused in words: on an ordinary laptop, bf16 on its processor."""

import functools
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from posenet_lib.cli import main
from posenet_lib.core import device
from posenet_lib.core.config import PredictConfig, TrainConfig
from posenet_lib.core.errors import WorkbookError
from posenet_lib.geometry.poses import PositionSpread
from posenet_lib.models.checkpoint import BEST, Checkpoint, save_checkpoint
from posenet_lib.models.posenet import PoseNet


@pytest.fixture
def ordinary_cpu(monkeypatch):
    """Environment variables cannot take bf16 from PyTorch's convolutions, so the question itself is answered here."""
    monkeypatch.setattr(device, "cpu_computes_bf16", lambda: False)
    monkeypatch.setattr(device, "_cpu_has_fast_bf16", lambda: False)
    for backend in (torch.cuda, torch.backends.mps):  # wrapped, because PyTorch's compiler asks for what is wrapped
        monkeypatch.setattr(backend, "is_available", functools.wraps(backend.is_available)(lambda: False))


def test_an_ordinary_processor_takes_float32_by_itself(ordinary_cpu):
    assert device.best_precision() == "float32"
    assert device.make_accelerator(TrainConfig(device="cpu")).mixed_precision == "no"


def test_a_processor_that_is_told_to_do_without_bf16_takes_float32(monkeypatch):
    """As `ONEDNN_MAX_CPU_ISA=AVX2` tells PyTorch's convolutions, to try what a laptop would do."""
    monkeypatch.setattr(device, "cpu_computes_bf16", lambda: False)
    monkeypatch.setattr(device, "_cpu_has_fast_bf16", lambda: True)
    assert device.best_precision(on_cpu=True) == "float32"


@pytest.mark.parametrize(("precision", "kind"), [("bf16", "cpu"), ("fp16", "cpu"), ("bf16", "mps"), ("fp16", "mps")])
def test_what_a_device_does_not_have_is_refused(ordinary_cpu, precision, kind):
    with pytest.raises(WorkbookError, match=f"precision is {precision}, in which this computer's .* or give float32"):
        device.check_precision(precision, kind)


@pytest.mark.parametrize(
    ("precision", "kind"), [("auto", "cpu"), ("float32", "mps"), ("fp16", "cuda"), ("bf16", "cuda")]
)
def test_what_a_device_has_is_not(ordinary_cpu, precision, kind):
    device.check_precision(precision, kind)


def test_a_processor_with_bf16_takes_it(monkeypatch):
    monkeypatch.setattr(device, "cpu_computes_bf16", lambda: True)
    device.check_precision("bf16", "cpu")


def test_the_question_is_answered_where_pytorch_no_longer_has_it(monkeypatch):
    class WithoutIt:
        def __getattr__(self, name):
            raise AttributeError(name)

    monkeypatch.setattr(torch.ops, "mkldnn", WithoutIt())
    monkeypatch.setattr(device, "_cpu_has_fast_bf16", lambda: True)
    assert device.cpu_computes_bf16()


def test_the_commands_say_so(ordinary_cpu, small_scene, tmp_path, capsys):
    config, shape = TrainConfig(trunk="resnet18"), (256, 455, 3)
    state = PoseNet.from_config(config).state_dict()
    checkpoint = Checkpoint(config, "SmallCourt", PositionSpread(), np.full(shape, 128, "f4"), state)
    save_checkpoint(tmp_path / BEST, checkpoint)
    asked = ["--checkpoint", str(tmp_path), "--precision", "bf16"]
    photo = str(next(small_scene.glob("walk*/*")))
    for command in (["evaluate", "--scene", str(small_scene), *asked], ["predict", photo, *asked]):
        assert main(command) == 2
        message = capsys.readouterr().err
        assert "this computer's processor does not compute" in message and "AVX-512 or AMX" in message
    with pytest.raises(WorkbookError, match="this computer's processor does not compute"):
        device.make_accelerator(TrainConfig(precision="bf16", device="cpu"))
    assert PredictConfig().precision == "float32", "so that nobody has to ask"


def test_the_device_in_words_is_the_one_that_the_settings_ask_for():
    assert device.device_summary(TrainConfig(device="cpu", precision="float32")).endswith(", float32")
    assert device.device_summary(TrainConfig(device="cpu")).startswith("CPU with")


def test_several_processes_share_each_batch():
    accelerator = device.make_accelerator(TrainConfig(device="cpu", precision="float32"))
    assert accelerator.split_batches, "else two processes would learn from two batches in a step"
    assert device.share_of_batch(6, SimpleNamespace(num_processes=3)) == 2
    with pytest.raises(WorkbookError, match="batch_size is 8, which 3 processes can't share evenly; give a multiple"):
        device.share_of_batch(8, SimpleNamespace(num_processes=3))
