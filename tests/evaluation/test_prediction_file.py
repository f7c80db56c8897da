"""Predictions as CSV and JSON."""

import csv
import json

import numpy as np
import pytest

from posenet_lib.core.errors import WorkbookError
from posenet_lib.evaluation.prediction_file import write_predictions
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray


def random_poses(count, seed=0) -> PoseArray:
    rng = np.random.default_rng(seed)
    return PoseArray(rng.normal(size=(count, 3)), quaternion.normalise(rng.normal(size=(count, 4))))


def test_predictions_as_csv_and_json(tmp_path):
    poses = random_poses(3)
    names = ["seq1/a b.png", 'odd,"name.png', "c.png"]
    write_predictions(tmp_path / "p.csv", names, poses)
    write_predictions(tmp_path / "p.json", names, poses)
    with open(tmp_path / "p.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["image", "x", "y", "z", "w", "p", "q", "r"]
    assert [row["image"] for row in rows] == names
    np.testing.assert_allclose([[float(row[c]) for c in "xyz"] for row in rows], poses.position_m, atol=1e-6)
    for from_csv, from_json in zip(rows, json.loads((tmp_path / "p.json").read_text()), strict=True):
        assert float(from_csv["q"]) == from_json["q"]
    with pytest.raises(WorkbookError, match=r"must end in \.csv or \.json"):
        write_predictions(tmp_path / "p.txt", names, poses)
