"""The losses that are given."""

import pytest
import torch

from posenet_lib.egomotion.augment import jittered, pyramid
from posenet_lib.egomotion.camera import scene_camera
from posenet_lib.egomotion.config import EgomotionConfig
from posenet_lib.egomotion.frames import read_beside, read_frames
from posenet_lib.egomotion.losses.smoothness import edge_aware_smoothness
from posenet_lib.egomotion.losses.stereo import depth_of_disparity, stereo_loss
from posenet_lib.egomotion.parts import Parts
from tests.egomotion.conftest import BASELINE_M, DEPTH_M, FOCAL, HEIGHT, WIDTH


def test_smoothness_by_hand():
    disparity = torch.ones(1, 1, 2, 4)
    disparity[..., 2:] = 3.0  # mean 2: a step of 1 in one of three places
    flat = torch.full((1, 3, 2, 4), 0.5)
    assert edge_aware_smoothness(disparity, flat) == pytest.approx(1 / 3)
    edge = flat.clone()
    edge[..., 2:] = 0.7
    assert edge_aware_smoothness(disparity, edge) == pytest.approx(float(torch.exp(torch.tensor(-2.0))) / 3, rel=1e-4)
    assert edge_aware_smoothness(7 * disparity, flat) == pytest.approx(1 / 3), "the unit does not matter"


def test_the_true_disparity_has_the_smallest_stereo_loss(wall_scene):
    frames = read_frames(wall_scene, wall_scene.train, WIDTH, HEIGHT)
    left, right = frames.floats([0, 7]), read_beside(frames, [0, 7], "right") / 255
    camera, config = scene_camera(wall_scene), EgomotionConfig(task="stereo", scales=2)
    true = FOCAL / WIDTH * BASELINE_M / DEPTH_M
    assert depth_of_disparity(torch.tensor(true), camera, BASELINE_M) == pytest.approx(DEPTH_M)

    def loss(share, config=config):
        maps = [torch.full((2, 2, HEIGHT // 2**s, WIDTH // 2**s), share) for s in range(2)]
        return float(stereo_loss(Parts(), maps, left, right, camera, BASELINE_M, config))

    losses = {share: loss(share) for share in (0.6 * true, 0.9 * true, true, 1.1 * true, 1.5 * true)}
    assert min(losses, key=losses.get) == true
    assert losses[true] < 0.02 < losses[1.5 * true]
    consistent = EgomotionConfig(task="stereo", scales=2, consistency=1.0)
    assert loss(true, consistent) == pytest.approx(loss(true), abs=1e-4), "equal disparities agree"


def test_views_of_one_moment_change_alike():
    photos = torch.full((2, 3, 3, 4, 5), 0.5)
    changed = jittered(photos, 0.2, torch.Generator().manual_seed(1))
    assert torch.equal(changed[0], changed[1])
    assert changed[0, 0].flatten().unique().numel() == 3 and not torch.equal(changed[0, 0], changed[0, 1])
    assert jittered(photos, 0.0, torch.Generator()) is photos
    assert [tuple(p.shape[2:]) for p in pyramid(torch.rand(1, 3, 9, 12), 3)] == [(9, 12), (5, 6), (3, 3)]
