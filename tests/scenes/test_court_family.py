"""Courts by seed: each its own, repeatable, with exact geometry; seed 0 is the shipped scene."""

import numpy as np
import pytest
from PIL import Image

from posenet_lib import cli
from posenet_lib.geometry import quaternion
from posenet_lib.scenes import practice_court as courts
from posenet_lib.scenes.court_seed import COURT_FILE, write_court_seed
from posenet_lib.scenes.points import visible_points
from posenet_lib.scenes.practice_court.camera import looking
from posenet_lib.scenes.practice_court.plan import court_plan
from posenet_lib.scenes.scene import load_scene
from posenet_lib.scenes.views import ground_plan, view_from

SEEDS = (3, 4)
SMALL = {"width": 64, "height": 36, "supersample": 1}


def _photo(seed, index=100):
    pose = courts.training_poses(seed)[index]
    return courts.render_photo(pose.position_m, pose.quaternion_wxyz, light=pose.light, court_seed=seed, **SMALL)


def test_the_same_seed_gives_the_same_court_and_another_seed_another():
    first = _photo(3)
    court_plan.cache_clear()
    assert np.array_equal(first, _photo(3))
    assert np.abs(first.astype(int) - _photo(4)).mean() > 15


@pytest.mark.parametrize("seed", SEEDS)
def test_walks_of_other_courts_are_as_many_and_keep_clear_of_what_stands_there(seed):
    train, test = courts.training_poses(seed), courts.test_poses(seed)
    assert (len(train), len(test)) == (480, 96)
    at = np.array([pose.position_m[:2] for pose in train + test])
    for label, _, x, y, _, radius, _ in court_plan(seed).furnishings:
        assert np.hypot(*(at - (x, y)).T).min() > radius + 0.3, label
    for outline in court_plan(seed).buildings:
        low, high = outline.corners_m.min(axis=0), outline.corners_m.max(axis=0)
        assert not ((at > low) & (at < high)).all(axis=1).any(), outline.label


@pytest.mark.parametrize("seed", SEEDS)
def test_orientations_of_a_court_have_no_jump_of_sign(seed):
    wxyz = np.array([pose.quaternion_wxyz for pose in courts.training_poses(seed)])
    assert (wxyz[:, 0] > 0.02).all()
    neighbours = quaternion.angle_deg(wxyz[:-1], wxyz[1:])
    steps = np.linalg.norm(np.diff(wxyz, axis=0), axis=1)
    assert (steps[neighbours < 20] < 0.2).all()


def test_depth_agrees_with_the_houses_of_the_plan():
    """Rays that hit a house end on the rim of its ground plan, or on what stands out from it."""
    house = max(court_plan(3).buildings, key=lambda o: o.z_high_m)
    centre = house.corners_m.mean(axis=0)
    position = np.array([0.0, -1.0, 1.6])
    yaw = np.degrees(np.arctan2(*(centre - position[:2])[::-1]))
    depth = courts.render_depth(position, looking(yaw), width=65, height=37, court_seed=3)
    nearest = np.hypot(*(house.corners_m - position[:2]).T).min()
    assert np.isfinite(depth[18]).any() and depth[18, 32] < np.hypot(*(house.corners_m - position[:2]).T).max()
    assert depth.min() > 0.2 and nearest > 2


def test_a_court_of_ones_own_is_a_scene_that_can_be_looked_at(tmp_path):
    courts.render_scene(tmp_path, court_seed=3, workers=1, limit=2)
    scene = load_scene(tmp_path)
    assert scene.court_seed == 3 and not scene.is_practice_court
    view = view_from(scene, scene.train.poses).picture.astype(int)
    photo = np.asarray(Image.open(scene.train.records[0].image_path)).astype(int)
    pose = courts.training_poses(3)[0]
    elsewhere = courts.render_photo(pose.position_m, pose.quaternion_wxyz, court_seed=4).astype(int)
    # The photo has another sun and passers-by; it is still far nearer to this court than to another.
    assert np.abs(view - photo).mean() < 0.7 * np.abs(elsewhere - photo).mean()
    assert len(ground_plan(scene)) > 10
    assert np.isfinite(visible_points(scene, 8).points_m).all()


def test_the_shipped_court_in_another_folder_says_which_it_is(tmp_path, monkeypatch):
    """Also where another court was before; in its own folder it needs no file."""
    courts.render_scene(tmp_path / "mine", court_seed=3, workers=1, limit=1)
    courts.render_scene(tmp_path / "mine", court_seed=0, workers=1, limit=1)
    assert load_scene(tmp_path / "mine").court_seed == 0
    monkeypatch.setattr("posenet_lib.scenes.court_seed.repository_root", lambda: tmp_path)
    home = tmp_path / "data" / "PracticeCourt"
    write_court_seed(home, 3)
    write_court_seed(home, 0)
    assert not (home / COURT_FILE).exists()


def test_a_damaged_court_file_is_named(tmp_path):
    courts.render_scene(tmp_path, court_seed=3, workers=1, limit=1)
    (tmp_path / COURT_FILE).write_text('{"court_seed": "three"}')
    with pytest.raises(Exception, match=r"court\.json: must hold"):
        _ = load_scene(tmp_path).court_seed


def test_a_negative_seed_is_refused(capsys, tmp_path):
    with pytest.raises(SystemExit):
        cli.main(["scene", "render", "--seed", "-3", "--out", str(tmp_path / "x")])
    assert "--seed: a court's seed is a whole number from 0 up, got -3" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()
