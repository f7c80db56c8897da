"""Notebook 08's parts: what runs without the extra, and what is said."""

import importlib.util

import numpy as np
import pytest

from posenet_lib.core.errors import WorkbookError
from posenet_lib.geometry.similarity import fit_similarity, moved_poses
from posenet_lib.scenes.check import check_facts
from posenet_lib.scenes.check.facts import read_facts
from posenet_lib.scenes.pose_list import read_pose_list
from posenet_lib.workbook import own_scene


def test_the_stand_in_is_a_scene_in_another_frame_and_unit():
    scene, truth = own_scene.stand_in_scene()
    assert scene.unit == "units"
    assert (len(scene.train), len(scene.test)) == (32, 8)
    cameras = [*scene.train.records, *scene.test.records]
    names, mine, true = own_scene.matched_positions(cameras, read_pose_list(truth, check_images=False))
    assert len(names) == 40
    assert np.linalg.norm(mine.position_m - true.position_m, axis=1).min() > 1
    found = fit_similarity(mine.position_m, true.position_m)
    assert found.scale == pytest.approx(0.8, rel=0.01)
    off = np.linalg.norm(moved_poses(mine, found).position_m - true.position_m, axis=1)
    assert 0.001 < np.median(off) < 0.03
    assert not check_facts(read_facts(scene.folder))
    assert "units" in own_scene.plot_own_scene(scene).axes[0].get_xlabel()


def test_without_the_extra_one_line_says_so(monkeypatch, capsys):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, package=None: None)
    assert not own_scene.sfm_is_installed()
    shown = capsys.readouterr().out
    assert "pycolmap" in shown
    assert "'.[sfm]'" in shown
    assert "stand-in" in shown


def test_a_friends_photos_and_a_video_that_is_not_there():
    folder, truth = own_scene.friends_photos(6)
    assert sorted(f"friend/{path.name}" for path in folder.iterdir()) == [record.name for record in truth]
    assert len(truth) == 6
    with pytest.raises(WorkbookError, match="no such video"):
        own_scene.film_of("nowhere.mp4")
