"""A frozen trunk: only the main head learns, from stored features that are those of the network itself."""

import dataclasses
import itertools
import os
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from posenet_lib.core.config import TrainConfig
from posenet_lib.core.device import make_accelerator
from posenet_lib.core.errors import WorkbookError
from posenet_lib.data.batches import EpochOrder
from posenet_lib.evaluation.errors import pose_errors, summarise
from posenet_lib.evaluation.predict import predict
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.models.checkpoint import LAST, load_checkpoint
from posenet_lib.models.posenet import PoseNet
from posenet_lib.scenes.scene import load_scene
from posenet_lib.training.fit import fit
from posenet_lib.training.frozen_features import frozen_stage
from posenet_lib.training.split import split_training_data
from posenet_lib.training.stage import Stage
from posenet_lib.training.step import TrainingStep, stand_in_loss
from posenet_lib.weights.pretrained import load_pretrained
from tests.support.training import history_rows, launched, train_command

LITE = "efficientnet-lite0"
GREY = np.full((256, 455, 3), 128, np.float32)
USUAL = {"batch_size": 8, "image_size": 112, "precision": "float32", "device": "cpu", "frozen_crops": 2}


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """A file to start from for each trunk: random numbers do, for what is asked here."""
    folder = tmp_path_factory.mktemp("weights")

    def file(trunk: str) -> str:
        if trunk == LITE:
            return "imagenet"
        if trunk == "googlenet-bn":
            return "courts"
        torch.manual_seed(3)
        state = PoseNet(trunk=trunk).state_dict()
        torch.save({name: value for name, value in state.items() if name.startswith("trunk.")}, folder / f"{trunk}.pth")
        return str(folder / f"{trunk}.pth")

    return file


def trained(scene, config: TrainConfig, out, **more):
    return fit(load_scene(scene), GREY, stand_in_loss, config, out, show_progress=False, **more)


def trunk_of(model: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {name: value for name, value in model.items() if name.startswith("trunk.")}


@pytest.mark.parametrize("trunk", [LITE, "googlenet-bn", "resnet18"])
def test_only_the_main_head_learns_and_is_judged_as_the_network_is(trunk, weights, small_scene, tmp_path):
    config = TrainConfig(
        epochs=6, trunk=trunk, pretrained=weights(trunk), freeze_trunk=1.0, dropout=0.0, erase=0.0, **USUAL
    )
    history = trained(small_scene, config, tmp_path / "run")
    assert history[-1].train_loss < 0.7 * history[0].train_loss
    checkpoint = load_checkpoint(tmp_path / "run", which=LAST)
    start = PoseNet.from_config(config)
    load_pretrained(start, config.pretrained)
    for name, value in trunk_of(start.state_dict()).items():
        assert torch.equal(checkpoint.model[name], value), f"{name} changed"

    scene = load_scene(small_scene)
    held_out = split_training_data(scene, GREY, config, show_progress=False).held_out
    true = PoseArray(held_out.position_m.double().numpy(), held_out.quaternion_wxyz.double().numpy())
    found = summarise(pose_errors(predict(checkpoint.build_model(), held_out), true))
    assert history[-1].held_out_position_m == pytest.approx(found.median_position_m, rel=1e-3)
    assert history[-1].held_out_rotation_deg == pytest.approx(found.median_rotation_deg, rel=1e-3)


def stage_of(small_scene, config: TrainConfig, progress=lambda: 0.0):
    """-> (the data, the network, its frozen stage)."""
    accelerator = make_accelerator(config)
    data = split_training_data(load_scene(small_scene), GREY, config, show_progress=False)
    model = PoseNet.from_config(config, data.spread)
    step = TrainingStep(accelerator, config, model, stand_in_loss)
    whole = Stage(step, data.learn, EpochOrder(len(data.learn), 0), None, None)
    stage = frozen_stage(whole, model, data.held_out, stand_in_loss, config, progress, show_progress=False)
    return data, model, stage


@torch.no_grad()
def test_features_are_the_trunks_for_each_crop_with_its_turned_label(small_scene):
    config = TrainConfig(epochs=1, trunk="resnet18", pretrained="imagenet", freeze_trunk=1.0, roll=3.0, **USUAL)
    data, model, stage = stage_of(small_scene, config)
    count = len(data.learn)
    assert len(stage.learn) == 2 * count
    model.eval()
    for number in range(2):
        data.learn.start_epoch(number)
        sample, stored = (
            data.learn.__getitems__([4, 1]),
            stage.learn.__getitems__([number * count + 4, number * count + 1]),
        )
        torch.testing.assert_close(stored.image.flatten(1), model.trunk(sample.image)[-1].mean((2, 3)))
        torch.testing.assert_close(stage.step.model(stored.image).main, model(sample.image).main, rtol=1e-4, atol=1e-5)
        assert torch.equal(stored.quaternion_wxyz, sample.quaternion_wxyz)
        assert torch.equal(stored.position_m, sample.position_m)
    first, second = (stage.learn.__getitems__([number * count]).quaternion_wxyz for number in range(2))
    assert not torch.equal(first, second), "two crops look two ways"


def test_after_its_share_all_of_the_network_learns(weights, small_scene, tmp_path):
    config = TrainConfig(
        epochs=4, trunk="googlenet-bn", pretrained=weights("googlenet-bn"), freeze_trunk=0.5, warmup=0.0, **USUAL
    )
    trunks = []
    trained(
        small_scene,
        config,
        tmp_path / "run",
        on_epoch=lambda history: trunks.append(trunk_of(load_checkpoint(tmp_path / "run", which=LAST).model)),
    )
    layer = "trunk.inception4a.branch2.1.0.weight"
    assert torch.equal(trunks[0][layer], trunks[1][layer])
    assert not torch.equal(trunks[1][layer], trunks[2][layer])
    assert not torch.equal(trunks[2]["trunk.stem.0.1.running_mean"], trunks[1]["trunk.stem.0.1.running_mean"])
    assert set(load_checkpoint(tmp_path / "run").model) == set(PoseNet.from_config(config).state_dict())


@pytest.mark.parametrize("after", [1, 3])
def test_interrupted_and_resumed_is_uninterrupted(after, weights, small_scene, tmp_path):
    """Once in the middle of what is frozen, once in what comes after."""
    config = TrainConfig(epochs=4, trunk=LITE, pretrained=weights(LITE), freeze_trunk=0.5, **USUAL)
    whole = trained(small_scene, config, tmp_path / "whole")

    def interrupt(history):
        if len(history) == after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        trained(small_scene, config, tmp_path / "cut", on_epoch=interrupt)
    resumed = trained(small_scene, config, tmp_path / "cut", resume=True)
    for one, other in zip(whole, resumed, strict=True):
        assert other.train_loss == pytest.approx(one.train_loss, rel=1e-4)
        assert other.held_out_loss == pytest.approx(one.held_out_loss, rel=1e-4)
    first, second = (load_checkpoint(tmp_path / name, which=LAST) for name in ("whole", "cut"))
    for name, value in first.model.items():
        torch.testing.assert_close(second.model[name], value, atol=1e-6, rtol=1e-4)
    assert first.optimizer.keys() == second.optimizer.keys()
    with pytest.raises(WorkbookError, match=r"freeze_trunk 0\.5 \(now 0\.75\)"):
        trained(small_scene, dataclasses.replace(config, freeze_trunk=0.75), tmp_path / "cut", resume=True)


def test_features_take_at_most_half_of_the_time_that_is_frozen(small_scene):
    config = TrainConfig(
        max_minutes=1, trunk="resnet18", pretrained="imagenet", freeze_trunk=0.5, **{**USUAL, "frozen_crops": 8}
    )
    for pass_takes, crops in ((0.04, 5), (0.08, 2), (0.6, 1)):  # at least one of each photo, however long it takes
        looks = itertools.count()
        data, _, stage = stage_of(small_scene, config, progress=lambda: pass_takes * next(looks))  # noqa: B023
        assert len(stage.learn) == crops * len(data.learn)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"freeze_trunk": 1.5, "pretrained": "courts"}, "freeze_trunk is 1.5; it must be from 0 to 1"),
        ({"frozen_crops": 0}, "frozen_crops is 0; it must be at least 1"),
        ({"freeze_trunk": 0.5}, "freeze_trunk is 0.5, but a trunk that starts from nothing has nothing to keep"),
    ],
)
def test_settings_that_make_no_sense(settings, words):
    with pytest.raises(WorkbookError, match=words):
        TrainConfig(**settings)


def test_a_run_by_the_clock_ends_in_time(weights, small_scene, tmp_path, monkeypatch):
    looks = itertools.count()
    clock = SimpleNamespace(perf_counter=lambda: 0.2 * next(looks))  # time passes only when somebody looks at it
    monkeypatch.setattr("posenet_lib.training.loop.time", clock)
    config = TrainConfig(max_minutes=0.1, trunk=LITE, pretrained=weights(LITE), freeze_trunk=1.0, **USUAL)
    history = trained(small_scene, config, tmp_path / "run")
    assert len(history) > 2
    assert history[-1].elapsed_s < 8


@pytest.mark.slow
def test_several_processes_give_the_result_of_one(weights, small_scene, tmp_path):
    settings = ["--image-size", "112", "--dropout", "0", "--aux-dropout", "0", "--precision", "float32"]
    settings += ["--batch-size", "4", "--device", "cpu", "--trunk", "googlenet", "--epochs", "4"]
    settings += ["--learning-rate", "1e-4", "--pretrained", weights("googlenet"), "--freeze-trunk", "0.5"]
    environment, one = {**os.environ, "OMP_NUM_THREADS": "1"}, [sys.executable, "-m", "posenet_lib.cli"]
    for name, command in (("one", one), ("two", launched(2))):
        arguments = train_command(small_scene, tmp_path / name, *settings)
        done = subprocess.run([*command, *arguments], capture_output=True, text=True, env=environment)
        assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.count("Training on") == 1 and " in 2 processes." in done.stdout
    for alone, shared in zip(*(history_rows(tmp_path / name) for name in ("one", "two")), strict=True):
        assert float(alone["train_loss"]) == pytest.approx(float(shared["train_loss"]), rel=1e-3)
        assert float(alone["held_out_loss"]) == pytest.approx(float(shared["held_out_loss"]), rel=1e-2)
