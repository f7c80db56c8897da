"""Errors, summaries, baselines, prediction files."""

import csv
import json

import numpy as np
import pytest
from posenet_lib.evaluation.baselines import baselines, nearest_pose_errors

from posenet_lib.core.errors import WorkbookError
from posenet_lib.evaluation.errors import PoseErrors, pose_errors, summarise
from posenet_lib.evaluation.prediction_file import write_predictions
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.scenes.scene import load_scene


def random_poses(count, seed=0) -> PoseArray:
    rng = np.random.default_rng(seed)
    return PoseArray(rng.normal(size=(count, 3)), quaternion.normalise(rng.normal(size=(count, 4))))


def test_known_errors():
    true = PoseArray(np.zeros((2, 3)), np.array([[1.0, 0, 0, 0]] * 2))
    quarter = [np.sqrt(0.5), 0, 0, np.sqrt(0.5)]
    errors = pose_errors(PoseArray(np.array([[3.0, 4, 0], [0, 0, 0]]), np.array([quarter, [-2.0, 0, 0, 0]])), true)
    np.testing.assert_allclose(errors.position_m, [5, 0])
    np.testing.assert_allclose(errors.rotation_deg, [90, 0], atol=1e-9)


def test_symmetry_and_identity():
    first, second = random_poses(50, 1), random_poses(50, 2)
    there, back = pose_errors(first, second), pose_errors(second, first)
    np.testing.assert_allclose(there.position_m, back.position_m)
    np.testing.assert_allclose(there.rotation_deg, back.rotation_deg)
    assert pose_errors(first, first).rotation_deg.max() < 1e-6


def test_a_common_change_of_frame_changes_no_error():
    first, second = random_poses(50, 1), random_poses(50, 2)
    turn = quaternion.to_matrix([0.3, 0.5, -0.2, 0.7])

    def moved(poses):
        rotation = quaternion.to_matrix(poses.quaternion_wxyz) @ turn.T
        return PoseArray(poses.position_m @ turn.T + [5, 6, 7], quaternion.from_matrix(rotation))

    before, after = pose_errors(first, second), pose_errors(moved(first), moved(second))
    np.testing.assert_allclose(before.position_m, after.position_m)
    np.testing.assert_allclose(before.rotation_deg, after.rotation_deg, atol=1e-6)


def test_numbers_must_match():
    with pytest.raises(ValueError, match="3 predictions for 4 true poses"):
        pose_errors(random_poses(3), random_poses(4))


def test_summary_against_hand_counted_numbers():
    errors = PoseErrors(np.array([0.1, 0.2, 0.4, 1.0, 9.0]), np.array([1.0, 3.0, 4.0, 8.0, 50.0]))
    summary = summarise(errors)
    assert (summary.median_position_m, summary.median_rotation_deg) == (0.4, 4.0)
    assert summary.mean_position_m == pytest.approx(2.14)
    assert summary.within == {"0.25 m, 2 deg": 0.2, "0.5 m, 5 deg": 0.6, "5 m, 10 deg": 0.8}
    assert summary.p25_position_m <= summary.median_position_m <= summary.p75_position_m <= summary.p95_position_m


def test_baselines_of_a_scene(small_scene):
    scene = load_scene(small_scene)
    stores = [split.open_store(show_progress=False) for split in (scene.train, scene.test)]
    train, test = scene.train.poses, scene.test.poses
    found = baselines(train, test, *stores)
    # The oracle is the best that copying a training position can do.
    assert (found.oracle.position_m <= found.nearest_photo.position_m + 1e-12).all()
    mean = train.position_m.mean(axis=0)
    np.testing.assert_allclose(found.mean_pose.position_m, np.linalg.norm(test.position_m - mean, axis=1))
    itself = baselines(train, train, stores[0], stores[0])
    assert itself.nearest_photo.position_m.max() == 0, "a photo is most similar to itself"
    assert nearest_pose_errors(train, train).position_m.max() == 0


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
