"""Depth and motion from a walk along a wall: the loss knows the true motion, batches stay in their walks."""

import numpy as np
import pytest
import torch

from posenet_lib.core.errors import WorkbookError
from posenet_lib.egomotion.config import EgomotionConfig
from posenet_lib.egomotion.fit import fit, held_out_loss
from posenet_lib.egomotion.frames import read_frames
from posenet_lib.egomotion.losses.video import UNIT, video_loss
from posenet_lib.egomotion.motion_errors import constant_motion, motion_errors, no_motion
from posenet_lib.egomotion.parts import Parts
from posenet_lib.egomotion.report import evaluate
from posenet_lib.egomotion.video import VideoBatches, VideoLearner, predict_motions
from tests.egomotion.conftest import DEPTH_M, FOCAL, HEIGHT, WIDTH

SETTINGS = {"width": WIDTH, "height": HEIGHT, "scales": 2, "device": "cpu", "precision": "float32", "step": 2}


def true_loss(frames, scale_of_motion: float, auto_mask: bool) -> float:
    config = EgomotionConfig(**SETTINGS)
    triplet = torch.tensor(frames.neighbours(1)[:2])
    views = frames.photos[triplet.T].float() / 255
    motions = torch.stack([frames.motion(triplet[:, 0].numpy(), triplet[:, k].numpy()) for k in (1, 2)])
    motions[:, :, :3, 3] *= scale_of_motion
    share = FOCAL / WIDTH * UNIT / DEPTH_M
    disparities = [torch.full((2, 1, HEIGHT // 2**s, WIDTH // 2**s), share) for s in range(2)]
    return float(
        video_loss(Parts(), disparities, motions, views[0], views[1:], frames.camera, config, auto_mask=auto_mask)
    )


@pytest.mark.parametrize("auto_mask", [True, False])
def test_true_depth_and_motion_have_the_smallest_loss(wall_scene, auto_mask):
    frames = read_frames(wall_scene, wall_scene.train, WIDTH, HEIGHT)
    losses = {factor: true_loss(frames, factor, auto_mask) for factor in (0.5, 1.0, 1.5)}
    assert min(losses, key=losses.get) == 1.0
    assert losses[1.0] < 0.03


def test_batches_stay_in_their_walks_and_one_walk_is_held_out(wall_scene):
    frames = read_frames(wall_scene, wall_scene.train, 32, 24)
    batches = VideoBatches(frames, EgomotionConfig(**SETTINGS))
    views, inputs = batches.draw(5, torch.Generator().manual_seed(0))
    assert views.shape == inputs.shape == (3, 5, 3, 24, 32)
    held = list(batches.held_out())
    assert sum(len(one[0][0]) for one in held) == 2, "the targets of walk3 with two photos on either side"
    assert torch.equal(held[0][0][0, 0], frames.floats([14])[0])
    with pytest.raises(WorkbookError, match="no walk has 5 photos in a row"):
        VideoBatches(frames.only(np.arange(2)), EgomotionConfig(**SETTINGS))


@pytest.mark.parametrize("explainability", [0.0, 0.2])
def test_it_trains_and_reports(wall_scene, tmp_path, explainability):
    config = EgomotionConfig(**SETTINGS, max_steps=6, batch_size=2, explainability=explainability)
    frames = read_frames(wall_scene, wall_scene.train, WIDTH, HEIGHT)
    learner = VideoLearner(config, Parts(), frames.camera)
    batches = VideoBatches(frames, config)
    history = fit(learner, batches, config, tmp_path, scene_name="wall", show_progress=False)
    assert np.isfinite([one.train_loss for one in history]).all()
    assert np.isfinite(held_out_loss(learner, batches, torch.device("cpu")))
    motions = predict_motions(learner.networks, frames, np.array([0, 1]), np.array([1, 2]))
    np.testing.assert_allclose(
        motions[:, :3, :3] @ motions[:, :3, :3].transpose(0, 2, 1), np.tile(np.eye(3), (2, 1, 1)), atol=1e-5
    )
    report = evaluate(learner.networks, config, wall_scene)
    assert report.depth["constant"].abs_rel == pytest.approx(0, abs=1e-6), "a wall is one depth"
    assert report.motion["constant motion"].shift_m < report.motion["no motion"].shift_m
    assert "network, one scale for all" in str(report)


def test_motion_errors_by_hand():
    true = no_motion(3)
    true[:, 0, 3] = [1.0, 2.0, 3.0]
    assert motion_errors(0.1 * (true - np.eye(4)) + np.eye(4), true).shift_m == pytest.approx(0), "one scale is fitted"
    still = motion_errors(no_motion(3), true, 1.0)
    assert (still.rotation_deg, still.shift_m) == (0.0, 2.0) and np.isnan(still.direction_deg)
    assert motion_errors(constant_motion(true), true, 1.0).shift_m == 1.0
    turned = true.copy()
    turned[:, :2, :2] = [[0, -1], [1, 0]]
    assert motion_errors(turned, true).rotation_deg == pytest.approx(90)
