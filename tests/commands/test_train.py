"""`posenet train`: options that are short for others, and those that are refused."""

import csv
import json

import numpy as np
import pytest

from posenet_lib.cli import main
from posenet_lib.models.checkpoint import BEST, LAST, load_checkpoint
from tests.support.training import history_rows, train_command


def test_a_flip_is_refused_with_the_reason(tmp_path, capsys):
    assert main(["train", "--flip", "--out", str(tmp_path / "run")]) == 2
    assert "a place that does not exist" in capsys.readouterr().err


def test_batch_norm_is_short_for_a_trunk(small_scene, tmp_path, capsys):
    out = tmp_path / "run"
    assert main(train_command(small_scene, out, "--batch-norm", "--trunk", "resnet18")) == 2
    assert "short for the trunk googlenet-bn, but the trunk is resnet18" in capsys.readouterr().err
    assert not out.exists()
    assert main(train_command(small_scene, out, "--batch-norm", "--epochs", "1", "--batch-size", "8")) == 0
    assert load_checkpoint(out).config.trunk == "googlenet-bn"


def test_one_batch_is_learned(small_scene, tmp_path, capsys):
    out = tmp_path / "run"
    settings = [
        "--batch-norm",
        "--image-size",
        "112",
        "--epochs",
        "60",
        "--batch-size",
        "8",
        "--dropout",
        "0",
        "--aux-dropout",
        "0",
    ]
    settings += ["--colour-jitter", "0", "--erase", "0", "--beta", "20"]  # nothing but the crop varies
    assert main(train_command(small_scene, out, *settings)) == 0
    rows = history_rows(out)
    assert len(rows) == 60
    first, last = float(rows[0]["train_loss"]), float(rows[-1]["train_loss"])
    assert last < 0.25 * first, f"loss went from {first} to {last} only"
    assert {path.name for path in out.iterdir()} == {BEST, LAST, "history.csv", "tensorboard"}
    assert list((out / "tensorboard").glob("events.*"))

    # The checkpoint alone is enough to predict: no answers, no scene.
    photo = small_scene / "walk01" / "frame00001.jpg"
    assert main(["predict", str(photo), "--checkpoint", str(out), "--out", str(tmp_path / "p.json")]) == 0
    (row,) = json.loads((tmp_path / "p.json").read_text())
    assert row["image"] == str(photo)
    assert np.linalg.norm([row[c] for c in "wpqr"]) == pytest.approx(1, abs=1e-5)

    capsys.readouterr()
    predictions = tmp_path / "predictions.csv"
    arguments = ["evaluate", "--scene", str(small_scene), "--checkpoint", str(out), "--json"]
    assert main([*arguments, "--predictions", str(predictions)]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["count"] == 4
    assert set(result["baselines"]) == {"mean_pose", "nearest_photo", "oracle"}
    with open(predictions, newline="") as file:
        assert len(list(csv.DictReader(file))) == 4

    # Neither a second run into the same folder nor a resume with other settings mixes two experiments.
    assert main(train_command(small_scene, out, *settings)) == 2
    assert "--resume" in capsys.readouterr().err
    assert main(train_command(small_scene, out, "--resume", *settings, "--beta", "9")) == 2
    assert "beta 20.0 (now 9.0)" in capsys.readouterr().err


def test_missing_answers_name_the_notebook(small_scene, tmp_path, capsys):
    arguments = ["train", "--scene", str(small_scene), "--out", str(tmp_path / "run")]
    assert main([*arguments, "--answers", str(tmp_path)]) == 2
    assert "notebooks/04_loss.ipynb" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()
