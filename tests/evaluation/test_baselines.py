"""Answers that need no network."""

import numpy as np
import pytest

from posenet_lib.core.errors import WorkbookError
from posenet_lib.evaluation.baselines import baselines, nearest_photos, nearest_pose_errors
from posenet_lib.scenes.photo_store import ImageStore
from posenet_lib.scenes.scene import load_scene


def test_baselines_of_a_scene(small_scene):
    scene = load_scene(small_scene)
    stores = [split.open_store(show_progress=False) for split in (scene.train, scene.test)]
    train, test = scene.train.poses, scene.test.poses
    found = baselines(train, test, *stores)
    # The oracle is the best that copying a training position can do.
    assert (found.oracle.position_m <= found.nearest_photo.position_m + 1e-12).all()
    mean = train.position_m.mean(axis=0)
    np.testing.assert_allclose(found.mean_pose.position_m, np.linalg.norm(test.position_m - mean, axis=1))
    itself = baselines(train, train, stores[0], stores[0])
    assert itself.nearest_photo.position_m.max() == 0, "a photo is most similar to itself"
    assert nearest_pose_errors(train, train).position_m.max() == 0


def test_test_photos_of_another_shape_are_named():
    stores = [
        ImageStore(np.zeros((2, 256, width, 3), np.uint8), (f"{walk}/1.jpg", f"{walk}/2.jpg"), np.arange(2))
        for walk, width in (("a", 455), ("b", 341))
    ]
    with pytest.raises(WorkbookError, match=r"^b/1\.jpg: 341x256 after resizing, but a/1\.jpg is 455x256; all photos"):
        nearest_photos(*stores)
