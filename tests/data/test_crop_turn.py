"""A crop beside the centre is the view of a turned camera, and its pose says so."""

import numpy as np
import pytest
import torch

from posenet_lib.data.crop_turn import turned_with_crop
from posenet_lib.data.transforms import CROP, Corner, centre_corner, crop
from posenet_lib.geometry import quaternion
from posenet_lib.scenes.practice_court import intrinsics, render_photo
from posenet_lib.scenes.scene import load_scene

SHAPE = (256, 455, 3)
FOCAL_PX = 337.0


def test_the_centre_crop_turns_nothing():
    q = quaternion.normalise(np.array([[0.7, 0.1, -0.3, 0.2]]))
    np.testing.assert_allclose(turned_with_crop(q, [centre_corner(*SHAPE[:2])], SHAPE, FOCAL_PX), q, atol=1e-12)


@pytest.mark.parametrize(("top", "left"), [(0, 0), (32, 231), (16, 20), (5, 200)])
def test_the_turned_camera_looks_where_the_crop_has_its_middle(top, left):
    identity = np.array([[1.0, 0, 0, 0]])
    (turned,) = turned_with_crop(identity, [Corner(top, left)], SHAPE, FOCAL_PX)
    centre = centre_corner(*SHAPE[:2])
    towards = np.array([left - centre.left, top - centre.top, FOCAL_PX])
    np.testing.assert_allclose(
        quaternion.to_matrix(turned) @ (towards / np.linalg.norm(towards)), [0, 0, 1], atol=1e-12
    )
    angle_deg = np.degrees(np.arctan2(np.hypot(*towards[:2]), FOCAL_PX))
    np.testing.assert_allclose(quaternion.angle_deg(turned, identity[0]), angle_deg, atol=1e-6)


def test_a_crop_shows_what_the_turned_camera_takes():
    record = load_scene().train.records[40]
    take = lambda q: torch.from_numpy(render_photo(record.position_m, q, width=480, height=270))  # noqa: E731
    focal_px = intrinsics(480, 270)[0, 0]
    corner = Corner(30, 70)  # 58 pixels to the left of the centre
    (q,) = turned_with_crop(record.quaternion_wxyz[None], [corner], (270, 480, 3), focal_px)
    middle = slice(CROP // 2 - 24, CROP // 2 + 24)

    def off(quaternion_wxyz):
        seen = crop(take(quaternion_wxyz), centre_corner(270, 480)).float()
        shown = crop(take(record.quaternion_wxyz), corner).float()
        return float((seen - shown)[middle, middle].abs().mean())

    assert off(q) < 0.5 * off(record.quaternion_wxyz), "the label that turns is far nearer to the picture"
