"""`posenet evaluate --structure`: test photos in a map of the training photos."""

import json
import shutil

import numpy as np
import pytest
from PIL import Image

from posenet_lib.cli import main
from posenet_lib.evaluation.structure import neighbours
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.scenes.pose_list import read_pose_list, write_pose_list
from posenet_lib.scenes.practice_court.camera import looking
from tests.support.places import COURT


@pytest.fixture(scope="module")
def one_walk(tmp_path_factory):
    """13 training photos of a walk and two between them; a third test photo shows nothing."""
    folder = tmp_path_factory.mktemp("scene") / "walk"
    records = [r for r in read_pose_list(COURT / "dataset_train.txt") if r.name.startswith("walk10/")][:15]
    for record in records:
        (folder / record.name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(record.image_path, folder / record.name)
    test = [records[4], records[9], records[12]]
    Image.new("RGB", (480, 270), (120, 120, 120)).save(folder / records[12].name)
    write_pose_list(folder / "dataset_test.txt", test)
    write_pose_list(folder / "dataset_train.txt", [record for record in records if record not in test])
    shutil.copyfile(COURT / "camera-intrinsics.txt", folder / "camera-intrinsics.txt")
    return folder


def test_located_beside_the_baselines(one_walk, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    command = ["evaluate", "--scene", str(one_walk), "--structure"]
    assert main([*command, "--predictions", str(tmp_path / "poses.csv")]) == 0
    shown = capsys.readouterr().out
    assert "2 of 3 test photos were located" in shown
    assert "The others got the pose of the most similar training photo." in shown
    assert [line.split(" ")[0] for line in shown.splitlines()[2:6]] == ["structure:", "always", "pose", "nearest"]
    assert main(["evaluate", "--scene", str(one_walk), "--from", str(tmp_path / "poses.csv"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["p25_position_m"] < 0.05
    assert main([*command, "--json"]) == 0, "and the map is kept: this takes no time"
    found = json.loads(capsys.readouterr().out)
    assert found["median_position_m"] < 0.05
    assert found["median_rotation_deg"] < 0.6
    assert found["baselines"]["mean_pose"]["median_position_m"] > 0.5


def test_what_it_cannot_do_is_said(one_walk, small_scene, capsys):
    assert main(["evaluate", "--scene", str(one_walk)]) == 2
    assert "--checkpoint RUN, --from FILE or --structure" in capsys.readouterr().err
    assert main(["evaluate", "--scene", str(small_scene), "--structure"]) == 2
    assert "camera-intrinsics.txt does not exist" in capsys.readouterr().err
    assert main(["evaluate", "--scene", str(one_walk), "--structure", "--from", "poses.csv"]) == 2
    assert "leave it out with --from" in capsys.readouterr().err


def test_neighbours_look_the_same_way():
    position = np.array([[0.0, 0, 0], [1, 0, 0], [2, 0, 0], [0.5, 0, 0]])
    poses = PoseArray(position, np.array([looking(yaw) for yaw in (0, 10, 20, 180)]))
    assert neighbours(poses) == [(0, 1), (0, 2), (1, 2)], "the one that looks back has no pair"
