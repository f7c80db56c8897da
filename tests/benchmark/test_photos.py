"""Made photos."""

import numpy as np
import pytest
from PIL import Image

from posenet_lib.benchmark.photos import JPEG, PNG, linked_scene, make_photos
from posenet_lib.scenes.scene import load_scene


def test_made_photos_weigh_as_real_ones(tmp_path):
    (record,) = make_photos(tmp_path / "png", 1, PNG)
    assert Image.open(record.image_path).size == (1920, 1080)
    assert 1.5e6 < record.image_path.stat().st_size < 3e6
    assert np.linalg.norm(record.quaternion_wxyz) == pytest.approx(1)
    records = make_photos(tmp_path / "jpg", 2, JPEG)
    assert {Image.open(record.image_path).size for record in records} == {(640, 480)}
    scene = load_scene(linked_scene(tmp_path / "linked", records, 5))
    assert len(scene.train) == 5
    assert scene.train.open_store(show_progress=False).image_shape == (256, 341, 3)
