"""`posenet scene build`: poses beside the truth, the frame of reference, what is said."""

import json

import numpy as np
import pytest
from PIL import Image

from posenet_lib.cli import main
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.intrinsics import read_intrinsics
from posenet_lib.geometry.similarity import fit_similarity, moved_poses
from posenet_lib.scenes.build.built_map import read_points
from posenet_lib.scenes.practice_court import intrinsics
from posenet_lib.scenes.scene import load_scene
from tests.scenes.build.conftest import truth_of


def test_poses_agree_with_the_truth(built_court):
    scene = load_scene(built_court.folder)
    names = [record.name for split in (scene.train, scene.test) for record in split.records]
    assert len(names) == len(built_court.true), "every photo of this easy walk has a pose"
    position_m, q = truth_of([record.name for record in scene.train.records], built_court.true)
    to_truth = fit_similarity(scene.train.poses.position_m, position_m)
    moved = moved_poses(scene.train.poses, to_truth)
    assert np.median(np.linalg.norm(moved.position_m - position_m, axis=1)) < 0.02
    assert np.median(quaternion.angle_deg(moved.quaternion_wxyz, q)) < 0.3
    assert to_truth.rotation[:, 2] @ [0, 0, 1] > np.cos(np.radians(2.5)), "up is up"


def test_the_first_photo_is_the_origin_and_looks_along_y(built_court):
    scene = load_scene(built_court.folder)
    first = next(record for record in scene.train.records if record.name == min(built_court.true))
    assert np.allclose(first.position_m, 0, atol=1e-6)
    looks = quaternion.to_matrix(first.quaternion_wxyz)[2]
    assert abs(looks[0]) < 1e-6
    assert looks[1] > 0.9


def test_the_camera_is_the_courts(built_court):
    matrix, true = read_intrinsics(built_court.folder / "camera-intrinsics.txt"), intrinsics()
    assert abs(matrix[0, 0] / true[0, 0] - 1) < 0.03
    assert np.allclose(matrix[:2, 2], true[:2, 2])
    record = load_scene(built_court.folder).train.records[0]
    with Image.open(record.image_path) as photo:
        assert photo.size == (480, 270)


def test_points_lie_where_the_cameras_look(built_court):
    scene, points = load_scene(built_court.folder), read_points(built_court.folder)
    assert len(points.xyz) > 300
    assert points.track.min() >= 2
    record = scene.train.records[0]
    in_camera = (points.xyz - record.position_m) @ quaternion.to_matrix(record.quaternion_wxyz).T
    assert (in_camera[:, 2] > 0).mean() > 0.7


def test_whole_stretches_test(built_court):
    scene = load_scene(built_court.folder)
    order = sorted(built_court.true)
    tested = [order.index(record.name) for record in scene.test.records]
    assert len(tested) >= 3
    assert np.ptp(tested) == len(tested) - 1, "neighbours stay together"


def test_what_is_said(built_court, capsys):
    assert "18 of 18 photos have a pose" in built_court.output
    assert "reprojection error 0." in built_court.output
    assert "origin is the camera of court/" in built_court.output
    for stage in ("photos", "features", "matches", "map", "frame of reference", "pinhole photos"):
        assert f"  {stage:28}" in built_court.output
    assert not list(built_court.folder.parent.glob(".*building")), "nothing is left of the work"
    assert (built_court.folder / "cameras.png").stat().st_size > 20_000
    assert main(["scene", "check", str(built_court.folder), "--json"]) == 0, capsys.readouterr().out


def test_without_a_known_length_nothing_is_called_metres(built_court, capsys):
    assert (built_court.folder / "unit.txt").read_text() == "units\n"
    assert main(["scene", "info", str(built_court.folder)]) == 0
    shown = capsys.readouterr().out
    assert "units (x, y, z)" in shown
    assert " m " not in shown
    assert main(["scene", "info", str(built_court.folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["unit"] == "units"
    assert "metre" not in built_court.output.replace("--metres", "")


def test_bad_sources_are_one_message(tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text("no film")
    for source, words in (("nowhere.mp4", "no such video or folder"), ("empty", "no photo"), ("notes.txt", "neither")):
        assert main(["scene", "build", str(tmp_path / source), "--out", str(tmp_path / "scene")]) == 2
        error = capsys.readouterr().err
        assert words in error
        assert source in error
    (tmp_path / "film.mp4").write_bytes(b"no film either" * 100)
    assert main(["scene", "build", str(tmp_path / "film.mp4"), "--out", str(tmp_path / "scene")]) == 2
    assert "film.mp4: cannot be read as a video" in capsys.readouterr().err
    (tmp_path / "film.mp4").write_bytes(b"")
    assert main(["scene", "build", str(tmp_path / "film.mp4"), "--out", str(tmp_path / "scene")]) == 2
    assert "film.mp4: the file is empty (0 bytes)" in capsys.readouterr().err
    assert not (tmp_path / "scene").exists()


@pytest.mark.parametrize("split", [["--test-blocks", "10:4"], ["--test-folder", "a"], ["--test-list", "list.txt"]])
def test_a_second_walk_and_a_split_of_the_first_are_refused_together(split, tmp_path, capsys):
    for walk in ("one", "two"):
        (tmp_path / walk).mkdir()
        Image.new("RGB", (64, 48)).save(tmp_path / walk / "a.png")
    command = ["scene", "build", str(tmp_path / "one"), "--out", str(tmp_path / "scene")]
    assert main([*command, "--test", str(tmp_path / "two"), *split]) == 2
    assert "--test says which photos test" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir() if path.name[0] == ".") == [], "nothing was begun"


def test_a_place_where_nothing_can_be_seen_is_said(tmp_path, capsys):
    folder = tmp_path / "walls"
    folder.mkdir()
    for number in range(4):
        Image.new("RGB", (320, 240), (90 + number, 90, 90)).save(folder / f"{number}.png")
    assert main(["scene", "build", str(folder), "--out", str(tmp_path / "scene")]) == 2
    assert "could be joined" in capsys.readouterr().err
    assert not (tmp_path / "scene").exists()
