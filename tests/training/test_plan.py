"""The size of the pictures follows the computer's speed and the time that a run may take."""

import dataclasses
import math

import pytest

from posenet_lib.cli import main
from posenet_lib.core.config import TrainConfig
from posenet_lib.models.checkpoint import LAST, load_checkpoint
from posenet_lib.training import plan
from posenet_lib.training.plan import plan_training
from tests.support.training import train_command

PHOTOS = 456
SHAPE = 256, 455, 3


def step_of(seconds: float):
    """Steps that take so long at 112 pixels, and four times as long at 224."""
    return lambda config, shape: seconds * math.prod(shape) / 112**2


@pytest.mark.parametrize(("seconds", "size"), [(1.0, 112), (0.35, 224), (0.02, 224)])
def test_a_slow_computer_takes_half_the_size(monkeypatch, seconds, size):
    """Eight minutes on a laptop with AVX2, on a server with bf16, on a GPU."""
    monkeypatch.setattr(plan, "seconds_per_step", step_of(seconds))
    chosen = plan_training(TrainConfig(max_minutes=8), PHOTOS, SHAPE)
    assert (chosen.image_size, chosen.crop) == (size, "wide" if size == 112 else "square")
    assert chosen.input_shape == ((112, 192) if size == 112 else (224, 224))
    assert ("about 10 times" in chosen.reason) == (size == 112)


@pytest.mark.parametrize(("seconds", "said"), [(2.0, True), (0.9, False), (0.1, False)])
def test_a_run_that_will_miss_the_results_of_readme_is_told_so(monkeypatch, seconds, said):
    monkeypatch.setattr(plan, "seconds_per_step", lambda config, shape: seconds)
    config = TrainConfig(trunk="googlenet-bn", pretrained="courts", max_minutes=8)
    line = plan_training(config, PHOTOS, SHAPE).shortfall(config, PHOTOS)
    assert (line is not None) == said
    if said:  # 14 steps of 2 s: 17 passes in 8 minutes, 31 in 15
        assert "about 17 times" in line and "give it 15 minutes" in line


def test_more_time_is_enough_for_the_paper_s_size(monkeypatch):
    monkeypatch.setattr(plan, "seconds_per_step", step_of(1.0))
    assert plan_training(TrainConfig(max_minutes=30), PHOTOS, SHAPE).image_size == 224


@pytest.mark.parametrize("length", [{"max_minutes": 30}, {"epochs": 2}])
def test_weights_that_were_learned_at_half_the_size_are_used_at_it(monkeypatch, length):
    monkeypatch.setattr(plan, "seconds_per_step", step_of(0.02))
    config = TrainConfig(trunk="googlenet-bn", pretrained="courts", **length)
    chosen = plan_training(config, PHOTOS, SHAPE)
    assert chosen.image_size == 112 and chosen.crop == "wide" and "start weights" in chosen.reason
    assert chosen.pixels == "192 x 112 pixels"
    assert plan_training(dataclasses.replace(config, image_size=224), PHOTOS, SHAPE).image_size == 224


@pytest.mark.parametrize("settings", [{"image_size": 224, "max_minutes": 0.1}, {"epochs": 2}, {}])
def test_what_the_settings_say_is_taken(monkeypatch, settings):
    monkeypatch.setattr(plan, "seconds_per_step", step_of(100.0))
    assert plan_training(TrainConfig(**settings), PHOTOS, SHAPE).image_size == 224


def test_a_run_notes_what_was_settled_and_goes_on_with_it(small_scene, tmp_path, monkeypatch):
    command = train_command(
        small_scene,
        tmp_path / "run",
        "--trunk",
        "resnet18",
        "--batch-size",
        "8",
        "--device",
        "cpu",
        "--seed",
        "20261127",
    )  # the seed is a date, as people take them, and not a small number
    monkeypatch.setattr(plan, "seconds_per_step", step_of(1e5))
    assert main([*command, "--max-minutes", "0.001", "--adam-beta2", "0.5"]) == 0
    chosen = load_checkpoint(tmp_path / "run", which=LAST).config
    assert (chosen.image_size, chosen.crop) == (112, "wide")
    monkeypatch.setattr(plan, "seconds_per_step", step_of(1e-5))
    assert main([*command, "--max-minutes", "10", "--epochs", "2", "--resume"]) == 0
    chosen = load_checkpoint(tmp_path / "run", which=LAST).config
    assert (chosen.image_size, chosen.crop) == (112, "wide")
    assert chosen.adam_beta2 == 0.5, "not what a new run would take"


@pytest.mark.parametrize(
    ("settings", "shape"),
    [
        ({"pretrained": "courts", "crop": "square"}, (112, 112)),
        ({"max_minutes": 0.1, "crop": "square"}, (112, 112)),
        ({"image_size": 160, "crop": "wide"}, (160, 274)),
        ({"crop": "wide"}, (224, 384)),
        ({"max_minutes": 60, "crop": "wide"}, (224, 384)),
        ({"max_minutes": 4, "crop": "wide"}, (112, 192)),  # enough for squares of 224 pixels, not for these
    ],
)
def test_a_crop_that_the_settings_name_is_taken(monkeypatch, settings, shape):
    monkeypatch.setattr(plan, "seconds_per_step", step_of(0.2))
    config = TrainConfig(trunk="googlenet-bn", **settings)
    chosen = plan_training(config, PHOTOS, SHAPE)
    assert chosen.input_shape == shape and chosen.crop == settings["crop"]
    assert chosen.paper_step_s == pytest.approx(0.2 * 4, rel=0.2), "of the square at 224 pixels, whatever was measured"


def test_a_step_is_measured_without_the_minute_that_compiling_takes(monkeypatch):
    measured = []
    monkeypatch.setattr(plan, "seconds_per_step", lambda config, shape: measured.append(config.compile) or 1.0)
    plan_training(TrainConfig(max_minutes=8, compile=True), PHOTOS, SHAPE)
    assert measured and not any(measured)
