"""A scene whose scale nobody knows counts in units, and no output calls them metres."""

import re
import shutil

import numpy as np
import pytest

from posenet_lib.cli import main
from posenet_lib.core.errors import WorkbookError
from posenet_lib.evaluation.baselines import mean_pose_errors, nearest_pose_errors
from posenet_lib.evaluation.prediction_file import pose_line
from posenet_lib.evaluation.scene_report import SceneResult
from posenet_lib.plots import plot_cameras, plot_error_cdf, plot_trajectory
from posenet_lib.scenes.check import random_split, units
from posenet_lib.scenes.check.facts import read_facts
from posenet_lib.scenes.check.two_views import CornerFinder
from posenet_lib.scenes.pose_list import PoseRecord, write_pose_list
from posenet_lib.scenes.scene import load_scene
from tests.scenes.check.walks import facts_of, walked

METRES = re.compile(r"\d m\b|\(m\)|metre")


@pytest.fixture
def without_scale(small_scene, tmp_path):
    folder = shutil.copytree(small_scene, tmp_path / "scene")
    (folder / "unit.txt").write_text("units\n")
    return folder


def test_the_unit_comes_from_the_folder(small_scene, without_scale):
    assert load_scene(small_scene).unit == "m"
    assert load_scene(without_scale).unit == "units"
    (without_scale / "unit.txt").write_text("furlongs")
    with pytest.raises(WorkbookError, match=r"unit\.txt: says 'furlongs'"):
        _ = load_scene(without_scale).unit


def test_all_outputs_say_units(without_scale, capsys):
    assert main(["scene", "info", str(without_scale)]) == 0
    scene = load_scene(without_scale)
    train, test = scene.train.poses, scene.test.poses
    errors = {"posenet": nearest_pose_errors(train, test), "mean_pose": mean_pose_errors(train, test)}
    result = SceneResult(scene.name, ("a",) * len(test.position_m), test, test, errors, unit=scene.unit)
    for text in (capsys.readouterr().out, str(result), pose_line("a", np.zeros(3), np.ones(4), scene.unit)):
        assert "units" in text
        assert not METRES.search(text), text
    for figure in (
        plot_cameras(train, test, unit=scene.unit),
        plot_trajectory(test, train=train, unit=scene.unit),
        plot_error_cdf(errors, scene.unit),
    ):
        labels = " ".join(f"{axes.get_xlabel()} {axes.get_ylabel()}" for axes in figure.axes)
        assert "units" in labels
        assert not METRES.search(labels), labels


def test_a_converted_copy_keeps_its_unit_unless_one_is_said(without_scale, tmp_path):
    assert main(["scene", "convert", str(without_scale), "--out", str(tmp_path / "copy")]) == 0
    assert load_scene(tmp_path / "copy").unit == "units"
    command = ["scene", "convert", str(without_scale), "--from", "feet", "--out"]
    assert main([*command, str(tmp_path / "feet")]) == 0
    assert load_scene(tmp_path / "feet").unit == "m"
    assert main([*command, str(tmp_path / "one"), "--list", "test"]) == 0
    assert load_scene(tmp_path / "one").unit == "units", "the other list's unit is as unknown as before"


def test_findings_of_a_scene_in_units_do_not_speak_of_metres(without_scale):
    scene = load_scene(without_scale)
    for split in (scene.train, scene.test):  # as large as no place on foot is in metres
        poses = split.poses._replace(position_m=1000 * split.poses.position_m)
        records = [PoseRecord(r.name, r.image_path, *p) for r, *p in zip(split.records, *poses, strict=True)]
        write_pose_list(without_scale / f"dataset_{split.label}.txt", records)
    facts = read_facts(without_scale)
    assert units.check(facts, CornerFinder()) == []
    (without_scale / "unit.txt").unlink()
    assert units.check(read_facts(without_scale), CornerFinder()), "the same in metres is a finding"


def test_a_random_split_of_a_scene_in_units(tmp_path):
    walk = walked("walk", 0)
    names, poses = walk["train"]
    even = np.arange(len(names)) % 2 == 0
    split = {
        label: ([name for name, own in zip(names, mask, strict=True) if own], poses.take(mask))
        for label, mask in (("train", even), ("test", ~even))
    }
    (tmp_path / "unit.txt").write_text("units\n")
    (found,) = random_split.check(facts_of(split, tmp_path), CornerFinder())
    assert "units away in the median" in found.why
    assert not METRES.search(found.why)
