"""`posenet scene align`: by names, by positions, by pairs; degenerate cameras are refused in words."""

import re
import shutil

import numpy as np
import pytest

from posenet_lib.cli import main
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.similarity import Similarity, moved_poses
from posenet_lib.scenes.pose_list import PoseRecord, write_pose_list
from posenet_lib.scenes.scene import load_scene

TRUTH = Similarity(0.4, quaternion.to_matrix(quaternion.normalise([0.9, 0.1, -0.3, 0.2])), np.array([3.0, 1.0, -2.0]))


@pytest.fixture
def elsewhere(small_scene, tmp_path):
    """The small scene in another frame, and with another folder's name for its walks: (folder, as it was)."""
    scene = load_scene(small_scene)
    folder = shutil.copytree(small_scene, tmp_path / "elsewhere")
    for split in (scene.train, scene.test):
        poses = moved_poses(split.poses, TRUTH)
        records = [PoseRecord(r.name, r.image_path, *p) for r, *p in zip(split.records, *poses, strict=True)]
        write_pose_list(folder / f"dataset_{split.label}.txt", records)
    (folder / "unit.txt").write_text("units\n")
    return folder


def numbers(shown: str, word: str) -> list[float]:
    line = next(line for line in shown.splitlines() if line.startswith(word))
    return [float(number) for number in re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", line)]


def test_by_names(elsewhere, small_scene, tmp_path, capsys):
    out = tmp_path / "moved"
    assert main(["scene", "align", str(elsewhere), "--to", str(small_scene), "--out", str(out)]) == 0
    shown = capsys.readouterr().out
    assert numbers(shown, "scale") == pytest.approx([2.5], rel=1e-4)
    assert "residuals of 20 of 20 cameras: median 0.0000 m" in shown
    assert "orientations differ by 0.000 deg" in shown
    moved, true = load_scene(out), load_scene(small_scene)
    assert moved.unit == "m"
    assert np.allclose(moved.test.poses.position_m, true.test.poses.position_m, atol=1e-5)
    assert quaternion.angle_deg(moved.test.poses.quaternion_wxyz, true.test.poses.quaternion_wxyz).max() < 1e-3


def test_by_measured_positions(elsewhere, small_scene, tmp_path, capsys):
    records = load_scene(small_scene).train.records[::5]
    rows = [f"{record.name} {' '.join(f'{v:.4f}' for v in record.position_m)}" for record in records]
    (tmp_path / "measured.txt").write_text("\n".join(rows))
    assert main(["scene", "align", str(elsewhere), "--to", str(tmp_path / "measured.txt")]) == 0
    shown = capsys.readouterr().out
    assert numbers(shown, "scale") == pytest.approx([2.5], rel=1e-3)
    assert "orientations" not in shown
    (tmp_path / "measured.txt").write_text("\n".join([*rows, "walk01/frame00001.jpg 1 2 three"]))
    assert main(["scene", "align", str(elsewhere), "--to", str(tmp_path / "measured.txt")]) == 2
    assert f"line {len(rows) + 1}: 'walk01/frame00001.jpg 1 2 three'" in capsys.readouterr().err


def test_a_list_of_a_scene_in_units_is_in_units(elsewhere, small_scene, capsys):
    command = ["scene", "align", str(small_scene), "--to"]
    assert main([*command, str(elsewhere / "dataset_train.txt")]) == 0
    shown = capsys.readouterr().out
    assert "cameras: median 0.0000 units" in shown
    assert not re.search(r"\d m\b", shown)
    assert main(["scene", "align", str(elsewhere), "--to", str(small_scene / "dataset_train.txt")]) == 0
    assert "cameras: median 0.0000 m" in capsys.readouterr().out


def test_by_pairs_where_names_differ(elsewhere, small_scene, tmp_path, capsys):
    records = load_scene(small_scene).train.records
    renamed = [
        PoseRecord(f"mine/{k}.jpg", r.image_path, r.position_m, r.quaternion_wxyz) for k, r in enumerate(records)
    ]
    write_pose_list(tmp_path / "theirs.txt", renamed)
    command = ["scene", "align", str(elsewhere), "--to", str(tmp_path / "theirs.txt")]
    assert main(command) == 2
    assert "only 0 cameras are in both" in capsys.readouterr().err
    for k in (0, 5, 10, 15):
        command += ["--pair", records[k].name, f"{k}.jpg"]
    assert main(command) == 0
    assert numbers(capsys.readouterr().out, "scale") == pytest.approx([2.5], rel=1e-4)
    assert main([*command, "--pair", "nowhere.jpg", "0.jpg"]) == 2
    assert "--pair: nowhere.jpg is no photo there" in capsys.readouterr().err


def test_wrong_photos_among_them_are_left_out_and_named(elsewhere, small_scene, tmp_path, capsys):
    records = list(load_scene(small_scene).train.records)
    far = PoseRecord(records[3].name, records[3].image_path, records[3].position_m + 5, records[3].quaternion_wxyz)
    write_pose_list(tmp_path / "b.txt", [*records[:3], far, *records[4:]])
    assert main(["scene", "align", str(elsewhere), "--to", str(tmp_path / "b.txt")]) == 0
    shown = capsys.readouterr().out
    assert "residuals of 15 of 16 cameras" in shown
    assert f"1 do not agree and were left out, first {far.name}" in shown
    rng = np.random.default_rng(0)
    mixed = [PoseRecord(r.name, r.image_path, rng.uniform(-9, 9, 3), r.quaternion_wxyz) for r in records]
    write_pose_list(tmp_path / "b.txt", mixed)
    assert main(["scene", "align", str(elsewhere), "--to", str(tmp_path / "b.txt")]) == 2
    assert "16 pairs do not agree on one similarity" in capsys.readouterr().err


@pytest.mark.parametrize("noise", [0.0, 0.01])
def test_cameras_on_a_line_are_refused_in_words(elsewhere, small_scene, tmp_path, capsys, noise):
    rng = np.random.default_rng(1)
    records = load_scene(small_scene).train.records
    on_a_line = [
        PoseRecord(r.name, r.image_path, np.array([0.7, 0.3, 0]) * k + rng.normal(0, noise, 3), r.quaternion_wxyz)
        for k, r in enumerate(records)
    ]
    write_pose_list(tmp_path / "line.txt", on_a_line)
    assert main(["scene", "align", str(elsewhere), "--to", str(tmp_path / "line.txt")]) == 2
    assert "rotation about that line is free" in capsys.readouterr().err
