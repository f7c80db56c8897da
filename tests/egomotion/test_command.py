"""`posenet egomotion` as a user calls it."""

import json
import os
import shutil
import subprocess

import numpy as np
import pytest
from PIL import Image

from posenet_lib.cli import main
from posenet_lib.egomotion.checkpoint import load_checkpoint
from posenet_lib.models.checkpoint import LAST
from posenet_lib.scenes.depth_file import read_depth, write_depth
from tests.support.training import history_rows, launched

TINY = ["--width", "32", "--height", "32", "--scales", "2", "--step", "2", "--batch-size", "2"]
TINY += ["--precision", "float32", "--device", "cpu"]


@pytest.fixture
def run(wall_scene, tmp_path, monkeypatch, capsys):
    """Calls the command on the wall; returns its exit status and what it printed."""
    monkeypatch.setenv("POSENET_WORKSPACE", str(tmp_path / "workspace"))

    def call(kind, *arguments, scene=True):
        place = ["--scene", str(wall_scene.folder)] if scene else []
        status = main(["egomotion", kind, *place, *map(str, arguments)])
        return status, capsys.readouterr()

    return call


@pytest.mark.parametrize("task", ["stereo", "video"])
def test_train_resume_evaluate_predict(run, wall_scene, tmp_path, task):
    out = tmp_path / "run"
    status, said = run("train", "--task", task, "--out", out, "--max-steps", 4, *TINY)
    assert status == 0, said.err
    assert "4 steps. Next: posenet egomotion evaluate" in said.out
    status, said = run("train", "--task", task, "--out", out, "--max-steps", 6, "--resume", *TINY)
    assert status == 0 and "6 steps" in said.out, said.err
    status, said = run("evaluate", "--checkpoint", out, "--json")
    found = json.loads(said.out, parse_constant=pytest.fail)  # nan is no JSON
    assert found["depth"]["constant"]["delta"] == 1.0
    assert ("network" in found["motion"]) == (task == "video")
    photo = wall_scene.test.records[0].image_path
    status, said = run("predict", photo, "--checkpoint", out, "--out", tmp_path / "depth", scene=False)
    assert status == 0 and ("up to scale" in said.out) == (task == "video")
    depth = read_depth(tmp_path / "depth" / f"{photo.stem}.depth.png")
    assert depth.shape == (32, 32) and (depth > 0).all()
    if task == "video":
        assert np.median(depth) == pytest.approx(1.0, abs=0.01)
    assert Image.open(tmp_path / "depth" / f"{photo.stem}.nearness.png").mode == "L"


def test_bad_input_is_one_message(run, tmp_path, wall_scene, capsys):
    status, said = run("evaluate", "--checkpoint", tmp_path / "none")
    assert status == 2 and "no such checkpoint" in said.err
    with pytest.raises(SystemExit):
        run("train", "--court-seed", -1, "--out", tmp_path / "x", scene=False)
    assert "--court-seed: a court's seed is a whole number from 0 up, got -1" in capsys.readouterr().err
    bare = tmp_path / "bare"
    bare.mkdir()
    for name in ("dataset_train.txt", "dataset_test.txt", "walk1", "walk4", "walk2", "walk3"):
        (bare / name).symlink_to(wall_scene.folder / name)
    status = main(["egomotion", "train", "--scene", str(bare), "--out", str(tmp_path / "y")])
    assert status == 2


def test_a_court_and_another_scene_are_not_both_asked_for(run, tmp_path):
    status, said = run("train", "--court-seed", 3, "--out", tmp_path / "x")
    assert status == 2 and "--court-seed 3 chooses a court, but the scene is" in said.err


def test_a_test_photo_without_depth_counts_for_nothing(run, wall_scene, tmp_path):
    out = tmp_path / "run"
    run("train", "--task", "video", "--out", out, "--max-steps", 2, *TINY)
    shutil.copytree(wall_scene.folder, tmp_path / "wall")
    depth = next((tmp_path / "wall").glob(f"{wall_scene.test.records[0].name.split('/')[0]}.depth/*.png"))
    write_depth(depth, np.full(read_depth(depth).shape, np.inf))
    status, said = run("evaluate", "--scene", tmp_path / "wall", "--checkpoint", out, "--json", scene=False)
    assert status == 0, said.err
    found = json.loads(said.out)
    assert found["depth"]["network, one scale for all"]["abs_rel"] is not None
    assert found["scale_spread"] is not None


def test_one_photo_twice_is_refused(run, wall_scene, tmp_path):
    out = tmp_path / "run"
    run("train", "--task", "stereo", "--out", out, "--max-steps", 2, *TINY)
    photos = [wall_scene.folder / f"walk{k}" / "frame00001.png" for k in (1, 2)]
    status, said = run("predict", *photos, "--checkpoint", out, "--out", tmp_path / "depth", scene=False)
    assert status == 2 and "overwrite each other's depth: frame00001" in said.err
    assert not (tmp_path / "depth").exists()


def test_both_stages_of_flow_in_one_table(run, moving_scene, tmp_path):
    place = ["--scene", moving_scene.folder, "--max-steps", 2, *TINY, "--step", 3]

    def call(kind, *arguments):
        return run(kind, *arguments, scene=False)

    assert call("train", "--out", tmp_path / "first", *place)[0] == 0
    status, said = call("train", "--task", "flow", "--out", tmp_path / "without", *place)
    assert status == 2 and "give its --first-stage" in said.err
    for name, weight in (("without", 0), ("with", 0.2)):
        stage = ["--task", "flow", "--consistency", weight, "--out", tmp_path / name]
        status, said = call("train", *stage, "--first-stage", tmp_path / "first", *place)
        assert status == 0, said.err
    status, said = call("train", *stage, "--resume", *place, "--scales", 1)
    assert status == 2 and "was trained with other settings: scales 2 (now 1)" in said.err
    status, said = call("train", *stage, "--resume", *place, "--max-steps", 4)
    assert status == 0 and "4 steps" in said.out, said.err
    both = ["--scene", moving_scene.folder, "--checkpoint", tmp_path / "without", "--beside", tmp_path / "with"]
    status, said = call("evaluate", *both, "--json")
    table = json.loads(said.out)["flow"]
    assert list(table) == [
        "no flow", "mean flow of each pixel", "rigid flow", "full flow, consistency 0", "full flow, consistency 0.2",
    ]  # fmt: skip
    assert table["no flow"]["moving_px"] == pytest.approx(1.5), "three pixels of 64 are 1.5 of 32"
    assert set(table["rigid flow"]) == {"all_px", "visible_px", "moving_px", "precision", "recall", "iou"}
    status, said = call("evaluate", *both)
    assert "full flow, consistency 0.2" in said.out and "depth" in said.out and "precision" in said.out
    both[-1] = tmp_path / "first"
    status, said = call("evaluate", *both)
    assert status == 2 and "--beside compares runs of --task flow" in said.err


@pytest.mark.slow
@pytest.mark.parametrize("task", ["stereo", "video", "flow"])
def test_two_processes_make_one_run(wall_scene, tmp_path, task):
    """They learn from different photos, end with one network, write one history, and go on where they were."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "POSENET_WORKSPACE": str(tmp_path / "workspace")}
    place = ["egomotion", "train", "--scene", str(wall_scene.folder), *TINY]

    def train(out, *more):
        command = [*launched(2), *place, "--out", str(out), *map(str, more)]
        return subprocess.run(command, capture_output=True, text=True, env=environment)

    kind = ["--task", task, "--batch-size", "4"]
    if task == "flow":
        first = tmp_path / "first"
        assert main([*place, "--out", str(first), "--max-steps", "2"]) == 0
        kind += ["--first-stage", first]
    out = tmp_path / "run"
    done = train(out, *kind, "--max-steps", 4)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.count("Training on") == 1 and done.stdout.count("4 steps. Next") == 1
    assert [row["step"] for row in history_rows(out)] == ["1", "2", "3", "4"]
    assert len(list(out.glob("events*"))) == 1
    done = train(out, *kind[:4], "--max-steps", 6, "--resume")
    assert done.returncode == 0, done.stderr[-3000:]
    steps = [int(row["step"]) for row in history_rows(out)]
    assert steps[:4] == [1, 2, 3, 4] and steps[-1] == 6
    assert load_checkpoint(out, which=LAST).progress["step"] == 6

    first_part = tmp_path / "alone"  # of each batch, which the first process has
    assert main([*place, "--out", str(first_part), *map(str, kind), "--batch-size", "2", "--max-steps", "4"]) == 0
    assert history_rows(first_part)[0]["train_loss"] != history_rows(out)[0]["train_loss"]
    refused = train(tmp_path / "odd", *kind, "--max-steps", 2, "--batch-size", 3)
    assert refused.returncode != 0 and "batch_size is 3, which 2 processes can't share evenly" in refused.stderr
