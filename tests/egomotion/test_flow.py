"""Rigid flow, the forward-backward check, flow errors and colours: all against what is known exactly."""

import numpy as np
import pytest
import torch

from posenet_lib.egomotion.camera import Camera
from posenet_lib.egomotion.flow import PIXELS, resized_flow, rigid_flow, warp_by_flow, way_back
from posenet_lib.egomotion.flow_errors import flow_errors, hidden_score, mean_flow, no_flow
from posenet_lib.egomotion.flow_truth import FlowTruth, read_flow_truth, with_flow
from posenet_lib.egomotion.frames import read_frames
from posenet_lib.egomotion.motion import source_from_target
from posenet_lib.plots import flow_colours, plot_flows
from posenet_lib.scenes.practice_court.camera import intrinsics
from posenet_lib.scenes.practice_court.sequence_truth import SKY_M, fine_depth, pixel_depth, true_flow
from posenet_lib.scenes.practice_court.sequence_walks import sequence_walks
from tests.egomotion.conftest import HEIGHT, SQUARE_PX, WALL_PX, WIDTH, moving_flows, moving_truth


def test_where_only_the_camera_moves_the_exact_flow_is_the_rigid_flow():
    walk, first, second, size = sequence_walks()[0][0], 10, 13, (40, 30)
    depths = [fine_depth(walk, number, size) for number in (first, second)]
    truth = true_flow(walk, first, second, *depths)
    assert not truth.moving.any()
    depth = torch.from_numpy(np.minimum(pixel_depth(depths[0]), SKY_M)).float()[None, None]
    motion = torch.from_numpy(source_from_target(walk.poses, np.array([first]), np.array([second]))).float()
    camera = Camera(torch.from_numpy(intrinsics(*size)).float(), *size)
    rigid = rigid_flow(depth, motion, camera)[0].permute(1, 2, 0).numpy()
    np.testing.assert_allclose(rigid, truth.flow_px, atol=2e-3)
    assert np.abs(truth.flow_px).max() > 1


def test_what_is_behind_the_source_camera_leaves_the_photo():
    motion = torch.eye(4)[None].clone()
    motion[:, 2, 3] = -2.0  # the camera goes 2 m ahead, past a thing 1 m away
    flow = rigid_flow(torch.ones(1, 1, 4, 6), motion, Camera(torch.eye(3) * 6, 6, 4))
    assert not warp_by_flow(torch.rand(1, 3, 4, 6), flow)[1].any()


def test_flow_follows_the_size():
    flow = torch.ones(1, 2, 8, 12) * torch.tensor([6.0, 4.0]).view(1, 2, 1, 1)
    for mode in ("area", "nearest-exact"):
        assert resized_flow(flow, 6, 2, mode).unique().tolist() == [1.0, 3.0]


def test_the_check_finds_exactly_what_is_hidden():
    there, back, hidden = moving_flows()
    off, agrees = way_back(there, back)
    assert torch.equal(~agrees, hidden) and 0.05 < hidden.float().mean() < 0.25
    assert hidden_score(~agrees, hidden) == (1.0, 1.0, 1.0)
    assert (off[agrees.expand_as(off)] == 0).all()


def test_the_check_allows_3_pixels_of_416_or_5_percent():
    allowed = PIXELS * WIDTH / 416
    for length, allows in ((1.0, allowed), (20.0, max(allowed, 1.0))):
        there = torch.zeros(1, 2, HEIGHT, WIDTH)
        there[:, 1] = length
        for factor in (0.98, 1.02):
            back = -there + torch.tensor([factor * allows, 0.0]).view(1, 2, 1, 1)
            assert way_back(there, back).agrees[..., : HEIGHT - 20, :].all() == (factor < 1)


def test_flow_errors_by_hand():
    there, _, hidden = moving_flows()
    truth = FlowTruth(there, hidden, torch.from_numpy(moving_truth(0)[2])[None, None])
    errors = flow_errors(torch.full_like(truth.flow_px, 0.0), truth)
    assert errors.moving_px == -SQUARE_PX and errors.moving_px < errors.all_px < -WALL_PX
    assert flow_errors(no_flow(truth), truth) == errors
    assert flow_errors(truth.flow_px, truth) == (0, 0, 0)
    assert flow_errors(mean_flow(truth, 1), truth) == (0, 0, 0)
    with pytest.raises(ValueError, match="predicted flow"):
        flow_errors(truth.flow_px[..., 1:], truth)
    none = torch.zeros(1, 1, 2, 2, dtype=torch.bool)
    assert hidden_score(none, ~none) == hidden_score(~none, none) == (0, 0, 0)
    half = torch.tensor([[[[True, True], [False, False]]]])
    assert hidden_score(half, ~none) == (1.0, 0.5, 0.5)


def test_exact_flow_is_read_at_the_photos_size(moving_scene):
    frames = read_frames(moving_scene, moving_scene.train, WIDTH // 2, HEIGHT // 2)
    which = with_flow(frames)
    assert which.tolist() == [0, 1, 2, 3, 4, 8, 9, 10, 11, 12]
    truth = read_flow_truth(frames, which)
    assert truth.flow_px.unique().tolist() == [WALL_PX / 2, SQUARE_PX / 2, 0.0]
    assert torch.equal(truth.flow_px[:, :1] == SQUARE_PX / 2, truth.moving)
    assert not (truth.hidden & truth.moving).any() and truth.hidden.any()


def test_colours_say_direction_and_length():
    flow = np.array([[[0, 0], [2, 0], [1, 0], [0, 2], [-2, 0], [9, 0]]], dtype=np.float32)
    colours = flow_colours(flow, 2.0)[0]
    assert colours[0].tolist() == [1, 1, 1] and colours[1].tolist() == [1, 0, 0]
    np.testing.assert_allclose(colours[2], [1, 0.5, 0.5])
    assert colours[3, 0] == 1 > colours[3, 1] > 0.85 and colours[3, 2] == 0, "down is yellow"
    assert colours[4, 0] == 0 and colours[4, 2] > colours[4, 1] * 0.9, "left is blue-green"
    assert colours[5].tolist() == [0.75, 0, 0], "too long is darker"
    figure = plot_flows(np.zeros((4, 6, 3)), {"exact": np.ones((4, 6, 2))}, {"hidden": np.ones((4, 6), dtype=bool)})
    assert [axes.get_title() for axes in figure.axes[:3]] == ["photo", "exact", "key: 1 px at the rim"]
