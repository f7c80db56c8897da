"""`posenet scene convert`: what each step repairs, and that nothing is half-written."""

import json
import shutil

import numpy as np
import pytest

from posenet_lib.cli import main
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.conventions import Reading
from posenet_lib.scenes.pose_list import HEADER
from posenet_lib.scenes.scene import load_scene
from tests.support.other_conventions import write_as


@pytest.fixture
def scene(small_scene, tmp_path):
    return shutil.copytree(small_scene, tmp_path / "scene")


def rewrite(scene, steps=(), scale=1.0, offset=(0, 0, 0), labels=("train", "test")):
    """Its lists as a tool of another convention writes them."""
    right = load_scene(scene, check_images=False)
    for split in (right.train, right.test):
        if split.label in labels:
            poses = split.poses._replace(position_m=(split.poses.position_m + np.array(offset)) * scale)
            numbers = write_as(poses, Reading.of_steps(steps))
            lines = [
                " ".join([r.name, *(f"{n:.9f}" for n in row)]) for r, row in zip(split.records, numbers, strict=True)
            ]
            (scene / f"dataset_{split.label}.txt").write_text(HEADER + "\n".join(lines) + "\n")
    return right


def same(found, right):
    for split in ("train", "test"):
        one, other = getattr(found, split).poses, getattr(right, split).poses
        np.testing.assert_allclose(one.position_m, other.position_m, atol=1e-6)
        assert quaternion.angle_deg(one.quaternion_wxyz, other.quaternion_wxyz).max() < 1e-3


@pytest.mark.parametrize(
    ("steps", "scale", "given"),
    [
        (("xyzw",), 1, ["xyzw"]),
        (("c2w", "opengl"), 1, ["c2w,opengl"]),
        (("hloc",), 1000, ["hloc", "mm"]),
        (("opk",), 100, ["opk", "cm"]),
        (("t",), 1 / 0.3048, ["feet", "t"]),
    ],
)
def test_steps_undo_what_the_tool_did(steps, scale, given, scene, tmp_path, capsys):
    right = rewrite(scene, steps, scale)
    assert main(["scene", "convert", str(scene), "--out", str(tmp_path / "out"), "--from", *given]) == 0
    same(load_scene(tmp_path / "out"), right)
    assert "16 training and 4 test photos" in capsys.readouterr().out


def test_what_the_check_says_is_what_helps(scene, tmp_path, capsys):
    right = rewrite(scene, ("xyzw", "c2w"), labels=("train",))
    assert main(["scene", "check", str(scene), "--json"]) == 1
    (found,) = json.loads(capsys.readouterr().out)
    assert set(found) == {"finding", "count", "where", "why", "remedy"}
    assert main(found["remedy"].split()[1:]) == 0
    assert "The check finds nothing more" in capsys.readouterr().out
    same(load_scene(scene.with_name("scene-repaired")), right)


def test_an_offset_is_taken_off_and_told(scene, tmp_path, capsys):
    right = rewrite(scene, offset=(551234.5, 5.78e6, 0))
    assert main(["scene", "convert", str(scene), "--out", str(tmp_path / "out"), "--from", "offset"]) == 0
    assert "Taken off all positions: 551200, 5.78e+06, 0" in capsys.readouterr().out
    made = load_scene(tmp_path / "out")
    np.testing.assert_allclose(made.test.poses.position_m - [34.5, 0, 0], right.test.poses.position_m, atol=1e-6)


@pytest.mark.parametrize(
    ("words", "arguments"),
    [
        ("there is no such step; known are", ["--from", "wxyz"]),
        ("a list has one unit", ["--from", "cm", "mm"]),
    ],
)
def test_wrong_steps_are_refused_and_nothing_is_left(words, arguments, scene, tmp_path, capsys):
    before = sorted(tmp_path.iterdir())
    assert main(["scene", "convert", str(scene), "--out", str(tmp_path / "out"), *arguments]) == 2
    assert words in capsys.readouterr().err
    assert sorted(tmp_path.iterdir()) == before


def test_a_missing_photo_leaves_nothing_behind(scene, tmp_path, capsys):
    (scene / "walk13" / "frame00001.jpg").unlink()
    before = sorted(tmp_path.iterdir())
    assert main(["scene", "convert", str(scene), "--out", str(tmp_path / "out")]) == 2
    assert "dataset_test.txt, line 4: photo" in capsys.readouterr().err
    assert sorted(tmp_path.iterdir()) == before


def test_another_folder_is_never_mixed_in(scene, small_scene, capsys):
    assert main(["scene", "convert", str(scene), "--out", str(small_scene)]) == 2
    assert "already holds something" in capsys.readouterr().err
