"""A walk through the court as a video: to a scene, and a second video as its test; beside the exact poses."""

import numpy as np
import pytest

from posenet_lib.cli import main
from posenet_lib.core.errors import WorkbookError
from posenet_lib.geometry import quaternion
from posenet_lib.scenes.build.court_film import along_walk, court_film
from posenet_lib.scenes.build.frames import look_at_video
from posenet_lib.scenes.pose_list import read_pose_list
from posenet_lib.scenes.practice_court.camera import looking
from posenet_lib.scenes.scene import load_scene


@pytest.mark.slow  # lighting the court takes longer than anything else
def test_a_film_and_its_true_poses(tmp_path):
    truth = court_film("walk03", 3, tmp_path / "court.mp4", workers=1)
    records = read_pose_list(truth, check_images=False)
    assert [record.name for record in records] == [f"court/frame0000{number}.jpg" for number in (1, 2, 3)]
    look = look_at_video(tmp_path / "court.mp4")
    assert len(look.sharpness) == 3
    assert np.abs(look.thumbnails[0].astype(int) - look.thumbnails[2]).mean() > 5, "the camera moves"


def test_a_walk_that_does_not_exist(tmp_path):
    with pytest.raises(WorkbookError, match="no such walk; there are walk01 to walk16"):
        court_film("walk99", 3, tmp_path / "court.mp4")


def test_between_two_poses_lie_their_middle_and_the_shorter_turn():
    ends = [looking(10), -looking(50)]
    poses = along_walk([np.zeros(3), np.array([2.0, 0, 0])], ends, 3)
    assert np.allclose(poses.position_m[1], [1, 0, 0])
    assert quaternion.angle_deg(poses.quaternion_wxyz[1], looking(30)) < 1e-6


@pytest.mark.slow
def test_from_two_films_to_a_scene_with_exact_poses(tmp_path, capsys):
    for name, walk, frames in (("court", "walk10", 30), ("friend", "walk13", 8)):
        film = ["scene", "film", "--walk", walk, "--frames", str(frames), "--out", str(tmp_path / f"{name}.mp4")]
        assert main(film) == 0
    out = tmp_path / "scene"
    build = ["scene", "build", str(tmp_path / "court.mp4"), "--test", str(tmp_path / "friend.mp4"), "--out", str(out)]
    assert main([*build, "--metres", "frame00001.jpg", "frame00030.jpg", "8"]) == 0
    shown = capsys.readouterr().out
    assert "30 of 30 photos have a pose" in shown
    assert "Lengths are metres: the cameras of frame00001.jpg and frame00030.jpg are 8 m apart." in shown
    assert "the second walk tests" in shown
    assert load_scene(out).unit == "m"
    capsys.readouterr()
    moved = tmp_path / "moved"
    assert main(["scene", "align", str(out), "--to", str(tmp_path / "court.txt"), "--out", str(moved)]) == 0
    scene = load_scene(moved)
    for split, name, metres, degrees in ((scene.train, "court", 0.02, 0.2), (scene.test, "friend", 0.06, 0.4)):
        true = {record.name: record for record in read_pose_list(tmp_path / f"{name}.txt", check_images=False)}
        assert len(split) >= 0.7 * len(true)
        off = [np.linalg.norm(record.position_m - true[record.name].position_m) for record in split.records]
        turned = [quaternion.angle_deg(r.quaternion_wxyz, true[r.name].quaternion_wxyz) for r in split.records]
        assert np.median(off) < metres
        assert np.median(turned) < degrees
