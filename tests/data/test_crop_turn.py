"""A crop beside the centre is the view of a turned camera, and its pose says so."""

import numpy as np
import pytest
import torch
from posenet_lib.geometry.intrinsics import read_intrinsics, write_intrinsics

from posenet_lib.cli import main
from posenet_lib.core.errors import WorkbookError
from posenet_lib.data.crop_turn import turned_with_crop
from posenet_lib.data.transforms import CROP, Corner, centre_corner, crop
from posenet_lib.geometry import quaternion
from posenet_lib.scenes.focal_length import INTRINSICS, resized_focal_px
from posenet_lib.scenes.nvm import read_focal_px
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


def test_training_turns_and_evaluation_does_not(small_scene, tmp_path):
    from posenet_lib.core.config import TrainConfig
    from posenet_lib.training.split import split_training_data

    scene = load_scene(small_scene)
    mean_image = np.full(scene.train.open_store(show_progress=False).image_shape, 100, dtype=np.float32)

    def shown(**settings):
        data = split_training_data(scene, mean_image, TrainConfig(**settings), show_progress=False)
        data.learn.start_epoch(1)
        return data.learn[0].quaternion_wxyz, data.learn.quaternion_wxyz[0], data.held_out

    unknown, listed, _ = shown()
    assert torch.equal(unknown, listed), "without a focal length nothing turns"
    write_intrinsics(scene.folder / INTRINSICS, intrinsics())
    try:
        turned, listed, held_out = shown()
        assert quaternion.angle_deg(turned.numpy(), listed.numpy()) > 0.1
        assert torch.equal(held_out[0].quaternion_wxyz, held_out.quaternion_wxyz[0])
        off, listed, _ = shown(turn_crops="off")
        assert torch.equal(off, listed)
        both, _, _ = shown(roll=20.0)
        assert quaternion.angle_deg(both.numpy(), turned.numpy()) > 0.1
    finally:
        (scene.folder / INTRINSICS).unlink()


def test_known_focal_lengths():
    scene = load_scene()
    assert resized_focal_px(scene) == pytest.approx(intrinsics(480, 270)[0, 0] * 256 / 270)


def test_imported_seven_scenes_know_theirs(shared_data, tmp_path):
    out = tmp_path / "kitchen"
    command = ["scene", "import-7scenes", str(shared_data / "redkitchen"), "--out", str(out), "--test-blocks", "100:4"]
    assert main(command) == 0
    assert resized_focal_px(load_scene(out, check_images=False)) == pytest.approx(585 * 256 / 480)


@pytest.mark.parametrize(
    "text", ["", "1 2 3\n", "585 0 x\n0 585 240\n0 0 1", "0 0 1\n0 0 1\n0 0 1", "nan 0 1\n0 5 1\n0 0 1"]
)
def test_a_bad_file_is_named(text, tmp_path):
    (tmp_path / INTRINSICS).write_text(text)
    with pytest.raises(WorkbookError, match=INTRINSICS):
        read_intrinsics(tmp_path / INTRINSICS)


def test_an_nvm_is_read_up_to_its_cameras(tmp_path):
    camera = "seq1/frame0000{}.jpg {} 1 0 0 0 0 0 0 0 0"
    lines = ["NVM_V3", "", "3", *(camera.format(i, f) for i, f in enumerate((1660, 1670, 1700))), "", "no points here"]
    (tmp_path / "reconstruction.nvm").write_text("\n".join(lines))
    assert read_focal_px(tmp_path / "reconstruction.nvm") == 1670
