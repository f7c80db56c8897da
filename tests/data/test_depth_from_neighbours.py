"""Depth from posed photos: right on the practice court, none where poses are wrong."""

import numpy as np
import pytest

from posenet_lib.data.depth_from_neighbours import depth_from_neighbours, neighbours
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.scenes.focal_length import resized_focal_px
from posenet_lib.scenes.photo_store import ImageStore
from posenet_lib.scenes.practice_court import render_photo
from posenet_lib.scenes.practice_court.photo import render_depth
from posenet_lib.scenes.scene import load_scene

COUNT = 80  # photos of two walks


@pytest.fixture(scope="module")
def court():
    scene = load_scene()
    store = scene.train.open_store(show_progress=False).subset(range(COUNT))
    return store, scene.train.poses.take(slice(COUNT)), resized_focal_px(scene)


@pytest.fixture(scope="module")
def depth_m(court):
    store, poses, focal_px = court
    return depth_from_neighbours(store, poses, focal_px, show_progress=False)


def off_by(depth_m, poses) -> np.ndarray:
    """Of every eighth photo's pixels with a depth: |log| of found by true depth; the sky has none."""
    height, width = depth_m.shape[1:]
    off = []
    for index in range(0, COUNT, 8):
        true_m = render_depth(poses.position_m[index], poses.quaternion_wxyz[index], width=width, height=height)
        solid = np.isfinite(true_m) & (depth_m[index] > 0)
        off.append(np.abs(np.log(depth_m[index][solid] / true_m[solid])))
    return np.concatenate(off)


def test_most_depths_are_right(court, depth_m):
    _, poses, _ = court
    assert depth_m.shape[1:] == (64, 114)
    assert (depth_m > 0).all(axis=(1, 2)).mean() > 0.9
    off = off_by(depth_m, poses)
    assert np.median(off) < 0.1 and (off < 0.25).mean() > 0.65


@pytest.mark.parametrize("apart_m", [70.0, 100.0])
def test_two_places_far_apart_have_depths_of_their_own(court, apart_m):
    store, poses, focal_px = court
    moved_m = poses.position_m.copy()
    moved_m[COUNT // 2 :, 0] += apart_m  # one walk each
    found = depth_from_neighbours(store, poses._replace(position_m=moved_m), focal_px, show_progress=False)
    assert (found > 0).all(axis=(1, 2)).mean() > 0.7
    assert np.median(off_by(found, poses)) < 0.2


@pytest.mark.parametrize("shaky_m", [0.001, 0.05])
def test_cameras_that_turn_at_one_place_have_none(shaky_m):
    record, rng = load_scene().train.records[150], np.random.default_rng(0)
    half = np.radians(np.linspace(-30, 30, 10)) / 2
    turns = np.stack([np.cos(half), 0 * half, np.sin(half), 0 * half], axis=1)
    q = quaternion.multiply(turns, np.tile(record.quaternion_wxyz, (10, 1)))
    pixels = np.stack([render_photo(record.position_m, one, width=455, height=256) for one in q])
    store = ImageStore(pixels, tuple("abcdefghij"), np.arange(10))
    poses = PoseArray(record.position_m + rng.normal(0, shaky_m, (10, 3)), q)
    found = depth_from_neighbours(store, poses, 337.0, show_progress=False)
    assert (found == 0).all()


def test_one_wrong_row_far_away_changes_little(court):
    store, poses, focal_px = court
    wrong_m = poses.position_m.copy()
    wrong_m[7] += 1e5
    found = depth_from_neighbours(store, poses._replace(position_m=wrong_m), focal_px, show_progress=False)
    assert (found > 0).all(axis=(1, 2)).mean() > 0.9


def test_no_photo_is_compared_with_itself_or_one_from_its_own_place():
    position_m = np.array([[0.1, 0.2, 0.3]] * 3 + [[1, 0, 0], [2, 0, 0], [3, 0, 0]])
    poses = PoseArray(position_m, np.tile([1.0, 0, 0, 0], (6, 1)))
    assert sorted(neighbours(0, poses, 1.0)) == [3, 4, 5]


@pytest.mark.parametrize("wrong", ["those of other photos", "camera to world"])
def test_with_wrong_poses_there_is_none(court, wrong):
    store, poses, focal_px = court
    if wrong == "those of other photos":
        poses = poses.take(np.random.default_rng(0).permutation(COUNT))
    else:
        poses = PoseArray(poses.position_m, poses.quaternion_wxyz * [1, -1, -1, -1])
    found = depth_from_neighbours(store, poses, focal_px, show_progress=False)
    assert (found == 0).all(axis=(1, 2)).mean() > 0.8


@pytest.mark.parametrize("count", [1, 4, COUNT])
def test_too_few_photos_or_one_place_give_none(court, count):
    store, poses, focal_px = court
    if count == COUNT:
        poses = PoseArray(np.tile([-3.674931, -2.041513, 1.69523], (COUNT, 1)), poses.quaternion_wxyz)
    found = depth_from_neighbours(store.subset(range(count)), poses.take(slice(count)), focal_px)
    assert found.shape == (count, 64, 114) and (found == 0).all()
