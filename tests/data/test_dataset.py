"""PoseDataset: samples, batches, crops that depend on seed and epoch alone."""

import numpy as np
import pytest
import torch

from posenet_lib.data.augmentation import Augmentation
from posenet_lib.data.dataset import PoseDataset, PoseSample
from posenet_lib.scenes.scene import load_scene


@pytest.fixture(scope="module")
def scene(small_scene):
    return load_scene(small_scene)


@pytest.fixture
def dataset(scene):
    store = scene.train.open_store(show_progress=False)
    return PoseDataset(
        store, scene.train.records, np.full(store.image_shape, 100.0), augmentation=Augmentation(0.2, 0.5), seed=3
    )


def test_a_sample(dataset, scene):
    sample = dataset[5]
    assert sample.image.shape == (3, 224, 224)
    assert sample.image.dtype == torch.float32
    np.testing.assert_allclose(sample.position_m, scene.train.records[5].position_m, atol=1e-5)
    assert sample.quaternion_wxyz.norm().item() == pytest.approx(1, abs=1e-6)
    assert sample.pose.position_m is sample.position_m


def test_a_batch_is_its_samples(dataset):
    batch = dataset.__getitems__([5, 0, 9])
    assert torch.equal(batch.image[1], dataset[0].image)
    assert torch.equal(batch.quaternion_wxyz[2], dataset[9].quaternion_wxyz)


def test_crops_change_with_the_epoch_and_not_with_the_order(dataset):
    first = dataset[2].image
    _ = dataset[7], dataset[1]
    assert torch.equal(dataset[2].image, first)
    dataset.start_epoch(1)
    assert not torch.equal(dataset[2].image, first)
    dataset.start_epoch(0)
    assert torch.equal(dataset[2].image, first)


def test_evaluation_takes_the_centre(scene):
    store = scene.test.open_store(show_progress=False)
    mean_image = np.zeros(store.image_shape)
    image = PoseDataset(store, scene.test.records, mean_image)[0].image
    centre = torch.from_numpy(np.array(store[0][16:240, 115:339])).permute(2, 0, 1)
    torch.testing.assert_close(image, (centre / 255 - 0.5) / 0.5, atol=1e-6, rtol=0)


def test_poses_must_belong_to_the_photos(scene):
    store = scene.train.open_store(show_progress=False)
    with pytest.raises(ValueError, match="same photos"):
        PoseDataset(store, scene.train.records[::-1], np.zeros(store.image_shape))


def test_samples_stay_as_they_were_without_points(small_scene):
    scene = load_scene(small_scene)
    store = scene.train.open_store(show_progress=False)
    mean = np.zeros((256, 455, 3), np.float32)
    assert type(PoseDataset(store, scene.train.records, mean)[0]) is PoseSample
    points = np.zeros((16, 4, 3), np.float32)
    sample = PoseDataset(store, scene.train.records, mean, points_m=points)[0]
    assert (tuple(sample.points_m.shape), sample.pose.position_m.shape) == ((4, 3), (3,))
