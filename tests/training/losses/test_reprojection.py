"""Pixel distances: known steps and turns, unknown points, and when they take over."""

import numpy as np
import pytest
import torch

from posenet_lib.data.roll import rolled_quaternion
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import Pose
from posenet_lib.models.posenet import PoseNetOutput
from posenet_lib.scenes.points import VisiblePoints
from posenet_lib.training.losses.learned_weighting import LearnedWeighting
from posenet_lib.training.losses.reprojection import Reprojection, pixel_distance


def a_pose(batch: int = 2) -> Pose:
    q = quaternion.normalise(np.random.default_rng(1).normal(size=(batch, 4)))
    return Pose(torch.tensor([[1.0, 2, 3]]).repeat(batch, 1), torch.tensor(q, dtype=torch.float32))


def points_before(pose: Pose, depth_m: float, count: int = 40) -> torch.Tensor:
    """Points in front of each camera, made with the project's NumPy convention, not the loss's own code."""
    rng = np.random.default_rng(2)
    sideways = rng.uniform(-0.4, 0.4, (2, len(pose.position_m), count)) * depth_m
    in_camera = np.stack([*sideways, np.full_like(sideways[0], depth_m)], axis=-1)
    rotation = quaternion.to_matrix(pose.quaternion_wxyz.numpy())
    return torch.tensor(in_camera @ rotation + pose.position_m.numpy()[:, None], dtype=torch.float32)


def test_pixel_distance_of_a_sideways_step_and_of_a_turn():
    true = a_pose()
    points = points_before(true, depth_m=10.0)
    assert pixel_distance(true, true, points, 300.0).item() == pytest.approx(0, abs=1e-2)
    right = torch.tensor(quaternion.to_matrix(true.quaternion_wxyz.numpy())[:, 0], dtype=torch.float32)
    stepped = true._replace(position_m=true.position_m + 0.5 * right)
    assert pixel_distance(stepped, true, points, 300.0).item() == pytest.approx(300 * 0.5 / 10, rel=1e-3)
    rolled = np.array([rolled_quaternion(q, 2.0) for q in true.quaternion_wxyz.numpy()])
    turned = true._replace(quaternion_wxyz=-3 * torch.tensor(rolled, dtype=torch.float32))  # length and sign are free
    rotation = quaternion.to_matrix(true.quaternion_wxyz.numpy())
    seen = (points - true.position_m[:, None]).numpy() @ rotation.swapaxes(1, 2)
    radius = np.linalg.norm(300 * seen[..., :2] / seen[..., 2:], axis=-1).mean()  # pixels from the photo's centre
    assert pixel_distance(turned, true, points, 300.0).item() == pytest.approx(radius * np.radians(2.0), rel=1e-3)


def test_unknown_points_do_not_count_and_points_behind_stay_finite():
    true = a_pose()
    points = points_before(true, depth_m=5.0)
    wrong = Pose((true.position_m + 20).requires_grad_(), torch.randn(2, 4).requires_grad_())  # most points behind it
    loss = pixel_distance(wrong, true, points, 300.0)
    loss.backward()
    assert wrong.position_m.grad.isfinite().all()
    assert wrong.quaternion_wxyz.grad.abs().sum() > 0
    half = points.clone()
    half[1] = torch.nan
    alone = pixel_distance(*(Pose(*(part[:1] for part in pose)) for pose in (wrong, true)), points[:1], 300.0)
    torch.testing.assert_close(pixel_distance(wrong, true, half, 300.0), alone)
    assert pixel_distance(wrong, true, torch.full_like(points, torch.nan), 300.0) == 0


def test_points_right_before_the_camera_do_not_count():
    true = a_pose()
    points = points_before(true, depth_m=10.0)
    near = torch.cat([points, points_before(true, depth_m=0.05)[:, :5]], dim=1)
    off = true._replace(position_m=true.position_m + 0.3)
    torch.testing.assert_close(pixel_distance(off, true, near, 300.0), pixel_distance(off, true, points, 300.0))


def test_pixels_take_over_after_their_share_of_the_run():
    true = a_pose()
    points = points_before(true, 8.0)
    before = LearnedWeighting(lambda *_: torch.tensor(1.0), lambda *_: torch.tensor(1.0))
    loss = Reprojection(VisiblePoints(points.numpy(), 300.0), before, after=0.5)
    output = PoseNetOutput(true._replace(position_m=true.position_m + 0.1), None, None)
    assert loss(output, true, points, 0.49) == before(output, true)
    assert loss(output, true, points, 0.5) == pixel_distance(output.main, true, points, 300.0)
    assert {name for name, _ in loss.named_parameters()} == {"before.s_position", "before.s_rotation"}
