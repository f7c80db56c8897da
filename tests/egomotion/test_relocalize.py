"""Absolute poses for walks: what PoseNet gets to see, and what stands in where there is no network."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from posenet_lib.core.config import TrainConfig
from posenet_lib.core.errors import WorkbookError
from posenet_lib.egomotion.frames import read_frames
from posenet_lib.egomotion.motion_errors import chain_errors
from posenet_lib.egomotion.relocalize import posenet_relocalizer, similar_relocalizer, strip
from posenet_lib.evaluation.predict import predict_photos
from posenet_lib.geometry.poses import PositionSpread
from posenet_lib.models.checkpoint import BEST, LAST, Checkpoint, load_checkpoint, save_checkpoint
from posenet_lib.models.posenet import PoseNet
from posenet_lib.scenes.practice_court.camera import HEIGHT, WIDTH, intrinsics
from posenet_lib.scenes.practice_court.sequence import SIZE
from posenet_lib.scenes.resizing import resized_size
from posenet_lib.training.history import EpochRecord
from tests.egomotion.conftest import STEP_M

HELD_OUT = [(3.0, 20.0), (0.8, 5.0), (0.7, 9.0)]  # metres and degrees of three epochs; the second one is kept


@pytest.fixture
def trained_run(tmp_path):
    """A run's folder with a fresh network of the court's camera."""
    config = TrainConfig(trunk="googlenet-bn", image_size=112)
    mean, spread = np.zeros((256, 455, 3), "f4"), PositionSpread((1.0, 2.0, 3.0), (4.0, 5.0, 6.0))
    state = PoseNet.from_config(config, spread).state_dict()
    losses = (5.0, 1.0, 8.0)
    history = [
        vars(EpochRecord(k, 1.0, loss, *errors, 1e-3, 1.0, 1.0))
        for k, (loss, errors) in enumerate(zip(losses, HELD_OUT, strict=True), 1)
    ]
    for name in (BEST, LAST):
        checkpoint = Checkpoint(config, "court", spread, mean, state, focal_px=337.28, progress={"history": history})
        save_checkpoint(tmp_path / name, checkpoint)
    return tmp_path


def test_the_strip_of_a_walks_photo_is_what_the_courts_camera_sees():
    width, height = resized_size((WIDTH, HEIGHT))
    rows = np.repeat(np.arange(SIZE[1], dtype=np.uint8)[:, None], SIZE[0], axis=1)
    seen = strip(Image.fromarray(rows).convert("RGB"), width, height)
    assert seen.shape == (height, width, 3)
    for at in (40, 128, 215):  # rows of the strip: as far above and below the axis as in the court's own photos
        there = intrinsics(width, height)
        here = intrinsics(*SIZE)
        expected = (at + 0.5 - there[1, 2]) / there[1, 1] * here[1, 1] + here[1, 2] - 0.5
        assert seen[at, width // 2, 0] == pytest.approx(expected, abs=0.6)
    with pytest.raises(WorkbookError, match="no part as high as 100x90"):
        strip(Image.new("RGB", (100, 80)), 100, 90)


def test_posenet_answers_for_walks_and_says_its_held_out_errors(trained_run, wall_scene, tmp_path):
    frames = read_frames(wall_scene, wall_scene.test, 64, 48)
    walks = [np.array([0, 2]), np.array([1, 3, 5])]
    with pytest.raises(WorkbookError, match=r"focal length of 0\.74 widths, these have 0\.76: another camera"):
        posenet_relocalizer(trained_run, seen_by(frames, 0.7413 * 1.03), walks)
    found = posenet_relocalizer(trained_run, seen_by(frames, 0.7413), walks)
    assert (found.name, found.position_m, found.rotation_deg) == ("PoseNet", *HELD_OUT[1])
    assert [len(one.position_m) for one in found.poses] == [2, 3]
    with Image.open(frames.folder / frames.names[3]) as photo:
        Image.fromarray(strip(photo.convert("RGB"), 455, 256)).save(tmp_path / "strip.png")
    expected = predict_photos(load_checkpoint(trained_run), [tmp_path / "strip.png"]).poses
    assert found.poses[1].position_m[1] == pytest.approx(expected.position_m[0], abs=1e-4)


def seen_by(frames, focal):
    """The same photos with another focal length, in widths."""
    matrix = frames.camera.matrix.clone()
    matrix[0, 0] = focal * frames.camera.width
    return replace(frames, camera=frames.camera._replace(matrix=matrix))


def test_the_most_similar_photo_is_found_and_its_errors_are_those_of_other_places(wall_scene):
    training = read_frames(wall_scene, wall_scene.train, 64, 48)
    found = similar_relocalizer(training, [np.arange(6), np.arange(6, 18)], training)
    assert found.poses[1].position_m == pytest.approx(training.poses.position_m[6:18])
    assert found.position_m > 2, "photos of the same place do not count: the other walks are 3 m away and more"
    assert found.rotation_deg == 0


def test_errors_that_lie_one_way_add_up_in_chains():
    true = [np.tile(np.eye(4), (20, 1, 1)) for _ in range(2)]
    for walk in true:
        walk[:, 2, 3] = -STEP_M
    angle = np.radians(1.0)
    turned = [walk.copy() for walk in true]
    for walk in turned:
        walk[:, :3, :3] = [[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]]
    assert chain_errors(turned, true, 1).rotation_deg == pytest.approx(1.0)
    assert chain_errors(turned, true, 9).rotation_deg == pytest.approx(9.0)
    twice = [walk.copy() for walk in true]
    for walk in twice:
        walk[:, :3, 3] *= 2
    assert chain_errors(twice, true, 9).shift_m == pytest.approx(0.0, abs=1e-9), "the scale is fitted"
    with pytest.raises(ValueError, match="chains of 21 motions"):
        chain_errors(true, true, 21)
