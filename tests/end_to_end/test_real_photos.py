"""The main job on real photos: import, train, evaluate, predict. Few steps: it shows that all parts fit."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from posenet_lib.cli import main
from tests.support.places import ANSWERS


def every_third_photo(tmp_path) -> Path:
    """The same scene, with fewer photos to learn from: two epochs take seconds, however slow the machine is."""
    thin = tmp_path / "thin"
    thin.mkdir()
    for name in ("dataset_train.txt", "dataset_test.txt"):
        header, poses = (lines := (tmp_path / "kitchen" / name).read_text().splitlines())[:3], lines[3:]
        (thin / name).write_text("\n".join([*header, *poses[::3]]) + "\n")
    (thin / "redkitchen").symlink_to(tmp_path / "kitchen" / "redkitchen")
    return thin


def test_red_kitchen_end_to_end(shared_data, tmp_path, capsys):
    scene, run = str(tmp_path / "kitchen"), str(tmp_path / "run")
    source = str(shared_data / "redkitchen")
    assert main(["scene", "import-7scenes", source, "--out", scene, "--test-blocks", "100:4"]) == 0
    train = ["train", "--scene", str(every_third_photo(tmp_path)), "--answers", str(ANSWERS), "--out", run]
    assert main([*train, "--batch-norm", "--image-size", "112", "--epochs", "2"]) == 0
    with open(tmp_path / "run" / "history.csv", newline="") as file:
        first, *_, last = csv.DictReader(file)
    assert float(last["train_loss"]) < float(first["train_loss"])

    capsys.readouterr()
    predictions = tmp_path / "predictions.csv"
    evaluate = ["evaluate", "--scene", scene, "--checkpoint", run, "--predictions", str(predictions), "--json"]
    assert main(evaluate) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["count"] == 200
    # Figures of this split that need no network: they tell that poses, order and photos belong together.
    assert result["baselines"]["mean_pose"]["median_position_m"] == pytest.approx(0.75, abs=0.01)
    assert result["baselines"]["oracle"]["median_position_m"] < 0.12
    assert result["baselines"]["nearest_photo"]["median_position_m"] < 0.35

    with open(predictions, newline="") as file:
        rows = list(csv.DictReader(file))
    listed = [line.split()[0] for line in (tmp_path / "kitchen" / "dataset_test.txt").read_text().splitlines()[3:]]
    assert [row["image"] for row in rows] == listed
    quaternions = np.array([[float(row[c]) for c in "wpqr"] for row in rows])
    np.testing.assert_allclose(np.linalg.norm(quaternions, axis=1), 1, atol=1e-5)
    assert (quaternions[:, 0] >= 0).all()

    photo = tmp_path / "kitchen" / listed[0]
    assert main(["predict", str(photo), "--checkpoint", run, "--out", str(tmp_path / "one.csv")]) == 0
    with open(tmp_path / "one.csv", newline="") as file:
        (alone,) = csv.DictReader(file)
    for column in "xyzwpqr":
        assert float(alone[column]) == pytest.approx(float(rows[0][column]), abs=1e-3), "one photo or a batch: the same"
