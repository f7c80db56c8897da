"""Photos in the order of a walk, their camera at any size, and what is beside them."""

import numpy as np
import pytest
import torch

from posenet_lib.core.errors import WorkbookError
from posenet_lib.egomotion.camera import pixel_centres, scene_camera
from posenet_lib.egomotion.frames import (
    _walks,
    read_baseline_m,
    read_beside,
    read_depths,
    read_frames,
)
from posenet_lib.egomotion.warp import resized_camera
from tests.egomotion.conftest import BASELINE_M, DEPTH_M, FOCAL, STEP_M


def test_photos_come_in_the_order_of_time_and_neighbours_stay_in_their_walk(wall_scene):
    frames = read_frames(wall_scene, wall_scene.train, 32, 24)
    assert frames.names[0] == "walk1/frame00001.png" and frames.names[6] == "walk2/frame00001.png"
    assert frames.photos.shape == (18, 3, 24, 32) and frames.photos.dtype == torch.uint8
    assert frames.neighbours(2).tolist()[:3] == [[2, 0, 4], [3, 1, 5], [8, 6, 10]]
    assert frames.number("walk2/frame00003.png") == 8
    with pytest.raises(WorkbookError, match="no photo 'x'"):
        frames.number("x")


def test_a_gap_in_the_numbers_begins_another_walk():
    places = [("a", 10), ("a", 12), ("a", 14), ("a", 200), ("a", 202), ("b", 204)]
    assert _walks(places).tolist() == [0, 0, 0, 1, 1, 2]
    assert _walks([("a", 0)] * 3).tolist() == [0, 0, 0], "names without numbers"


def test_the_camera_follows_the_size(wall_scene):
    camera = scene_camera(wall_scene)
    half = resized_camera(camera, 32, 12)
    assert half.matrix.tolist() == [[FOCAL / 2, 0, 16], [0, FOCAL / 4, 6], [0, 0, 1]]
    assert half.width_per_depth == camera.width_per_depth == FOCAL / 64
    assert pixel_centres(3, 2)[:, 1, 2].tolist() == [2.5, 1.5, 1.0]


def test_true_motion_moves_points_from_the_target_to_the_source(wall_scene):
    frames = read_frames(wall_scene, wall_scene.train, 32, 24)
    motion = frames.motion(np.array([2]), np.array([4]))[0]
    assert torch.allclose(motion[:3, 3], torch.tensor([-2 * STEP_M, 0.0, 0.0]), atol=1e-6)  # the camera went right


def test_what_is_beside_the_photos(wall_scene, tmp_path):
    frames = read_frames(wall_scene, wall_scene.train, 32, 24)
    assert len(frames.having("right", "depth")) == 18 and not len(frames.having("flow"))
    assert read_baseline_m(frames) == BASELINE_M
    assert (read_depths(frames, np.array([0, 7])) == DEPTH_M).all()
    right = read_beside(frames, np.array([0]), "right")
    assert torch.equal(right[0], frames.photos[2]), "a baseline is two steps"
    (tmp_path / "baseline.txt").write_text("-1")
    with pytest.raises(WorkbookError, match="one positive number"):
        read_baseline_m(type(frames)(**{**frames.__dict__, "folder": tmp_path}))
