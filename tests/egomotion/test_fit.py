"""Training as users run it, on a wall: it learns, writes its files, goes on, and says what is wrong."""

import csv

import pytest
import torch

from posenet_lib.core.errors import WorkbookError
from posenet_lib.egomotion.checkpoint import load_checkpoint
from posenet_lib.egomotion.config import EgomotionConfig
from posenet_lib.egomotion.fit import fit
from posenet_lib.egomotion.parts import Parts
from posenet_lib.egomotion.stereo import StereoBatches, StereoLearner, predict_depth, read_stereo_pairs
from tests.egomotion.conftest import DEPTH_M, HEIGHT, WIDTH

SETTINGS = {"task": "stereo", "width": WIDTH, "height": HEIGHT, "scales": 2, "device": "cpu", "precision": "float32"}


def run(scene, parts, out, resume=False, **settings):
    config = EgomotionConfig(**{**SETTINGS, **settings})
    pairs = read_stereo_pairs(scene, scene.train, config)
    learner = StereoLearner(config, parts, pairs.camera, pairs.baseline_m)
    history = fit(
        learner, StereoBatches(pairs, config), config, out, scene_name=scene.name, baseline_m=pairs.baseline_m,
        resume=resume, show_progress=False,
    )  # fmt: skip
    return learner, history, pairs


def test_it_learns_how_far_away_the_wall_is(wall_scene, tmp_path):
    _, history, pairs = run(wall_scene, Parts(), tmp_path / "run", max_steps=40, smoothness=0.1, batch_size=2)
    assert history[-1].train_loss < 0.6 * history[0].train_loss
    assert [one.step for one in history] == list(range(4, 41, 4))
    checkpoint = load_checkpoint(tmp_path / "run")
    depth = predict_depth(checkpoint.build(), pairs.frames.photos[-6:], pairs.camera, checkpoint.baseline_m)
    assert depth.median() == pytest.approx(DEPTH_M, rel=0.25)
    with (tmp_path / "run" / "history.csv").open() as file:
        assert len(list(csv.DictReader(file))) == 10
    assert list((tmp_path / "run").glob("events*"))


def test_a_run_goes_on_with_the_same_settings_only(wall_scene, tmp_path):
    run(wall_scene, Parts(), tmp_path, max_steps=4, batch_size=2)
    with pytest.raises(WorkbookError, match="already holds a training run"):
        run(wall_scene, Parts(), tmp_path, max_steps=8, batch_size=2)
    with pytest.raises(WorkbookError, match=r"smoothness 0\.02 \(now 0\.3\)"):
        run(wall_scene, Parts(), tmp_path, resume=True, max_steps=8, batch_size=2, smoothness=0.3)
    _, history, _ = run(wall_scene, Parts(), tmp_path, resume=True, max_steps=8, batch_size=2)
    assert history[-1].step == 8 and history[0].step == 1
    with pytest.raises(WorkbookError, match="nothing to resume"):
        run(wall_scene, Parts(), tmp_path / "none", resume=True, max_steps=2)


def test_one_walk_alone_is_trained_on_and_the_last_network_is_kept(wall_scene, tmp_path):
    config = EgomotionConfig(**SETTINGS, max_steps=2, batch_size=2)
    pairs = read_stereo_pairs(wall_scene, wall_scene.test, config)
    batches = StereoBatches(pairs, config)
    assert not list(batches.held_out())
    learner = StereoLearner(config, Parts(), pairs.camera, pairs.baseline_m)
    fit(learner, batches, config, tmp_path, scene_name="wall", baseline_m=pairs.baseline_m, show_progress=False)
    assert load_checkpoint(tmp_path).progress["step"] == 2


def test_a_loss_that_is_no_number_ends_the_run_in_words(wall_scene, tmp_path):
    broken = Parts(photometric_error=lambda a, b: (a - b)[:, :1] * torch.nan)
    with pytest.raises(WorkbookError, match="the loss became nan at step 1"):
        run(wall_scene, broken, tmp_path, max_steps=10, batch_size=2)


def test_bad_settings_and_checkpoints_are_named(tmp_path):
    with pytest.raises(WorkbookError, match="scales is 9; it must be from 1 to 4"):
        EgomotionConfig(scales=9)
    with pytest.raises(WorkbookError, match="learning_rate is 0; it must be above 0"):
        EgomotionConfig(learning_rate=0)
    assert (EgomotionConfig(task="stereo").top_rate, EgomotionConfig(learning_rate=0.5).top_rate) == (2e-3, 0.5)
    with pytest.raises(WorkbookError, match="choose one of stereo, video"):
        EgomotionConfig(task="lidar")
    with pytest.raises(WorkbookError, match=r"holds no checkpoint .* posenet egomotion train"):
        load_checkpoint(tmp_path)
    (tmp_path / "x.safetensors").write_bytes(b"nothing")
    with pytest.raises(WorkbookError, match="cannot be read as a checkpoint"):
        load_checkpoint(tmp_path / "x.safetensors")
