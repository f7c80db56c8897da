"""3-D points that photos show: rendered for the court, reconstructed for scenes with an NVM."""

import dataclasses

import numpy as np
import pytest

from posenet_lib.core.errors import WorkbookError
from posenet_lib.geometry import quaternion
from posenet_lib.scenes.nvm import read_nvm
from posenet_lib.scenes.points import visible_points
from posenet_lib.scenes.practice_court import intrinsics
from posenet_lib.scenes.scene import Scene, Split, load_scene
from tests.support.reconstructions import nvm_text


def test_the_courts_points_lie_in_its_photos():
    court = load_scene()
    few = Split("train", court.train.records[:3], court.folder)
    points_m, focal_px = visible_points(Scene(court.name, court.folder, few, court.test), count=20)
    assert points_m.shape == (3, 20, 3)
    assert focal_px == pytest.approx(intrinsics(455, 256)[0, 0], rel=0.01)
    for record, points in zip(few.records, points_m, strict=True):
        seen = (points - record.position_m) @ quaternion.to_matrix(record.quaternion_wxyz).T
        assert (seen[:, 2] > 0.1).all()
        assert (np.abs(seen[:, :2] / seen[:, 2:]) * focal_px <= [455 / 2 + 8, 256 / 2 + 8]).all()
    assert (points_m[..., 2] > -0.5).all(), "nothing below the ground"


def scene_with_nvm(small_scene, tmp_path, text: str) -> Scene:
    """Another folder and name, so that it is not the practice court, whose geometry is known."""
    (tmp_path / "reconstruction.nvm").write_bytes(text.encode())
    scene = load_scene(small_scene)
    return Scene("Elsewhere", tmp_path, scene.train, scene.test)


def test_points_come_from_a_reconstruction(small_scene, tmp_path):
    records = load_scene(small_scene).train.records
    points = [(0.5, 1, 2), (3, 4, 5), (6, 7, 8)]
    unix = nvm_text(records, points, [[0, 1], [1], []])
    for text in (unix, unix.replace("\n", "\r\n")):
        scene = scene_with_nvm(small_scene, tmp_path, text)
        found = visible_points(scene, count=5)
        assert found.points_m.shape == (16, 5, 3)
        assert (found.points_m[0] == points[0]).all()
        assert {tuple(point) for point in found.points_m[1]} <= set(points[:2])
        assert np.isnan(found.points_m[2:]).all()
        assert found.focal_px == pytest.approx(1670.5 * 256 / 270)
    model = read_nvm(tmp_path / "reconstruction.nvm")
    np.testing.assert_allclose(model.position_m[3], records[3].position_m)
    np.testing.assert_allclose(model.quaternion_wxyz[3], records[3].quaternion_wxyz)


def test_a_reconstruction_of_another_scene_is_refused(small_scene, tmp_path):
    records = load_scene(small_scene).train.records
    text = nvm_text(records, [(0, 1, 2)], [[0]])
    with pytest.raises(WorkbookError, match="knows 0 of the 16 training photos"):
        visible_points(scene_with_nvm(small_scene, tmp_path, text.replace("frame", "image")))
    moved = [dataclasses.replace(r, position_m=10 * r.position_m + 3) for r in records]
    with pytest.raises(WorkbookError, match="not in the same world frame"):
        visible_points(scene_with_nvm(small_scene, tmp_path, nvm_text(moved, [(0, 1, 2)], [[0]])))
    (tmp_path / "reconstruction.nvm").unlink()
    scene = load_scene(small_scene)
    with pytest.raises(WorkbookError, match=r"needs 3-D points, and .*reconstruction\.nvm does not exist"):
        visible_points(Scene("Elsewhere", tmp_path, scene.train, scene.test))
