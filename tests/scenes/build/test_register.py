"""`posenet scene register`: photos of another walk, in other light, in a map that does not move."""

import hashlib

import numpy as np
from PIL import Image

from posenet_lib.cli import main
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.similarity import fit_similarity, moved_poses
from posenet_lib.scenes.build.register_in_scene import POSES, UNREGISTERED
from posenet_lib.scenes.pose_list import read_pose_list
from posenet_lib.scenes.scene import Split, load_scene
from tests.scenes.build.conftest import SMALL, court_photos, truth_of


def fingerprints(folder):
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}


def test_photos_of_another_walk(built_court, tmp_path, capsys):
    friend = tmp_path / "friend"
    true = court_photos(friend, "train", "walk11", slice(2, 22, 4))
    for path in sorted(friend.iterdir())[:1]:  # another size: another camera of its own
        with Image.open(path) as photo:
            photo.resize((640, 360)).save(path)
    Image.new("RGB", (480, 270), (120, 130, 140)).save(friend / "wall.png")
    before = fingerprints(built_court.folder)
    command = ["scene", "register", str(friend), "--scene", str(built_court.folder), "--out", str(tmp_path / "out")]
    assert main([*command, *SMALL]) == 0
    shown = capsys.readouterr().out
    assert fingerprints(built_court.folder) == before, "not one byte of the scene changed"
    assert "No pose for friend/wall.png: it has only 0 features" in shown
    assert "in units" in shown
    assert (tmp_path / "out" / "unit.txt").read_text() == "units\n", "who reads the list alone knows it, too"
    assert (tmp_path / "out" / UNREGISTERED).read_text().startswith("friend/wall.png: it has only")
    records = read_pose_list(tmp_path / "out" / POSES)  # looks for the photos, too
    assert len(records) >= 4
    scene = load_scene(built_court.folder)
    position_m, _ = truth_of([record.name for record in scene.train.records], built_court.true)
    to_truth = fit_similarity(scene.train.poses.position_m, position_m)
    moved = moved_poses(Split("test", tuple(records), tmp_path).poses, to_truth)
    position_m, q = truth_of([record.name for record in records], true)
    assert np.median(np.linalg.norm(moved.position_m - position_m, axis=1)) < 0.12
    assert np.median(quaternion.angle_deg(moved.quaternion_wxyz, q)) < 0.6


def test_a_scene_without_a_map_is_refused(small_scene, tmp_path, capsys):
    (tmp_path / "photos").mkdir()
    Image.new("RGB", (64, 48)).save(tmp_path / "photos" / "a.png")
    assert main(["scene", "register", str(tmp_path / "photos"), "--scene", str(small_scene)]) == 2
    assert "map/points.npz" in capsys.readouterr().err
