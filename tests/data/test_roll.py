"""The camera turned about its viewing axis: photo and quaternion alike."""

import numpy as np
import pytest
import torch
from PIL import Image

from posenet_lib.data.augmentation import Augmentation
from posenet_lib.data.dataset import PoseDataset
from posenet_lib.data.roll import rolled_photo, rolled_quaternion
from posenet_lib.data.transforms import Corner, centre_corner, network_input
from posenet_lib.geometry import quaternion
from posenet_lib.scenes.practice_court import render_photo
from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.scenes.scene import load_scene


def rolled_input(photo: torch.Tensor, mean_image: torch.Tensor, corner: Corner, roll_deg: float) -> torch.Tensor:
    """As a training photo goes to the network: rolled first, then like any other."""
    return network_input(rolled_photo(photo, mean_image, roll_deg), mean_image, corner)


def test_a_rolled_photo_is_what_the_rolled_camera_sees():
    """The project's own renderer is the judge: it takes the same photo with the camera turned."""
    position_m, q = np.array([0.0, -2.0, 1.6]), np.array([0.5, -0.5, 0.5, -0.5])  # looks along the court
    mean = torch.zeros(256, 455, 3)
    middle = slice(30, 194), slice(30, 194)

    def seen(quaternion_wxyz) -> torch.Tensor:
        photo = Image.fromarray(render_photo(position_m, quaternion_wxyz, supersample=1))
        return torch.from_numpy(np.array(resize_smaller_side(photo)))

    plain, corner = seen(q), centre_corner(256, 455)
    for roll_deg in (12.0, -7.0):
        judge = network_input(seen(rolled_quaternion(q, roll_deg)), mean, corner)[:, *middle]

        def off(angle_deg: float, judge=judge) -> float:
            return float((rolled_input(plain, mean, corner, angle_deg)[:, *middle] - judge).abs().mean())

        assert off(roll_deg) < 0.025, "two or three grey levels of 255: two interpolations"
        assert off(roll_deg) < 0.8 * min(off(roll_deg + 0.5), off(roll_deg - 0.5)), "half a degree is seen"
        assert off(roll_deg) < off(-roll_deg) / 5


def test_no_roll_is_the_plain_input_and_the_outside_is_the_mean_image():
    photo = torch.randint(0, 256, (256, 300, 3), dtype=torch.uint8)
    mean = torch.full((256, 300, 3), 100.0)
    for corner in (Corner(0, 0), Corner(32, 76)):
        torch.testing.assert_close(
            rolled_input(photo, mean, corner, 0.0), network_input(photo, mean, corner), atol=1e-4, rtol=0
        )
    assert (rolled_input(photo, mean, Corner(0, 0), 30.0)[:, 0, 0] == -1).all()


def test_roll_turns_the_quaternion_in_the_camera():
    q = quaternion.canonical_sign(quaternion.normalise(np.array([0.3, -0.5, 0.7, 0.2])))
    turned = rolled_quaternion(q, 90.0)
    quarter = np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]])  # right becomes down
    np.testing.assert_allclose(quaternion.to_matrix(turned), quarter @ quaternion.to_matrix(q), atol=1e-12)
    np.testing.assert_allclose(rolled_quaternion(turned, -90.0), q, atol=1e-12)


def test_a_data_set_with_roll_turns_photos_and_quaternions_alike(small_scene):
    scene = load_scene(small_scene)
    store, mean = scene.train.open_store(show_progress=False), np.full((256, 455, 3), 90.0, np.float32)
    plain, rolled = (
        PoseDataset(store, scene.train.records, mean, augmentation=Augmentation(0.1, 0.0, roll), seed=4)
        for roll in (0.0, 10.0)
    )
    angles = [change.roll_deg for change in rolled.changes]
    assert 3 < np.abs(angles).max() <= 10
    assert plain.corners == rolled.corners, "everything else is drawn as before"
    assert [c.offset for c in plain.changes] == [c.offset for c in rolled.changes]
    turned = quaternion.angle_deg(plain[3].quaternion_wxyz, rolled[3].quaternion_wxyz)
    assert turned == pytest.approx(abs(angles[3]), abs=1e-3)
    assert torch.equal(plain[3].quaternion_wxyz, torch.tensor(scene.train.records[3].quaternion_wxyz).float())
