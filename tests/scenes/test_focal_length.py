"""The focal length, where a scene knows it."""

import pytest

from posenet_lib.cli import main
from posenet_lib.scenes.focal_length import resized_focal_px
from posenet_lib.scenes.practice_court import intrinsics
from posenet_lib.scenes.scene import load_scene


def test_known_focal_lengths():
    scene = load_scene()
    assert resized_focal_px(scene) == pytest.approx(intrinsics(480, 270)[0, 0] * 256 / 270)


def test_imported_seven_scenes_know_theirs(shared_data, tmp_path):
    out = tmp_path / "kitchen"
    command = ["scene", "import-7scenes", str(shared_data / "redkitchen"), "--out", str(out), "--test-blocks", "100:4"]
    assert main(command) == 0
    assert resized_focal_px(load_scene(out, check_images=False)) == pytest.approx(525 * 256 / 480), (
        "the colour camera, not the depth camera of its file"
    )
