"""PoseDataset: samples, batches, crops that depend on seed and epoch alone."""

import numpy as np
import pytest
import torch
from posenet_lib.data.batches import EpochOrder

from posenet_lib.core.config import TrainConfig
from posenet_lib.data.augmentation import Augmentation, apply_change, draw_changes
from posenet_lib.data.dataset import PoseDataset
from posenet_lib.scenes.scene import load_scene
from posenet_lib.training.split import held_out_block, split_training_data


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


@pytest.mark.parametrize(("count", "fraction"), [(480, 0.05), (16, 0.05), (5, 0.5), (1220, 0.1)])
def test_the_held_out_photos_are_one_block_inside(count, fraction):
    block = held_out_block(count, fraction)
    assert len(block) == max(1, round(fraction * count))
    assert 0 < block.start < block.stop < count
    assert block.step == 1


def test_learned_and_held_out_photos_are_apart_and_complete(scene):
    store = scene.train.open_store(show_progress=False)
    data = split_training_data(scene, np.zeros(store.image_shape), TrainConfig(validation_fraction=0.25))
    learn, held_out = set(data.learn.store.names), set(data.held_out.store.names)
    assert learn.isdisjoint(held_out)
    assert learn | held_out == {record.name for record in scene.train.records}
    assert learn.isdisjoint(record.name for record in scene.test.records)
    np.testing.assert_allclose(data.spread.mean_m, scene.train.poses.position_m.mean(axis=0))


def test_every_epoch_visits_every_photo_once_in_its_own_order():
    order = EpochOrder(50, seed=1)
    first = list(order)
    assert sorted(first) == list(range(50))
    assert list(order) == first
    order.epoch = 1
    assert list(order) != first
    assert sorted(order) == list(range(50))


def test_no_augmentation_changes_nothing():
    image = torch.rand(3, 224, 224)
    for change in draw_changes(Augmentation(), 20, 224, torch.Generator().manual_seed(0)):
        torch.testing.assert_close(apply_change(image.clone(), change), image)


def test_an_erased_patch_is_the_mean_image_and_lies_inside():
    changes = draw_changes(Augmentation(erase=1.0), 500, 224, torch.Generator().manual_seed(0))
    for change in changes:
        rows, columns = change.patch
        assert 0 <= rows.start < rows.stop <= 224
        assert 0 <= columns.start < columns.stop <= 224
    image = apply_change(torch.full((3, 224, 224), 0.5), changes[0])
    rows, columns = changes[0].patch
    assert (image[:, rows, columns] == -1).all()
    assert (image == 0.5).sum() == 3 * (224 * 224 - (rows.stop - rows.start) * (columns.stop - columns.start))


def test_colour_jitter_stays_within_its_strength():
    changes = draw_changes(Augmentation(colour_jitter=0.2), 500, 224, torch.Generator().manual_seed(0))
    gains = torch.stack([change.gain for change in changes])
    assert 0.8 * 0.9 <= gains.min() < 0.8
    assert 1.2 < gains.max() <= 1.2 * 1.1
    assert max(abs(change.offset) for change in changes) <= 0.2
    assert all(change.patch is None for change in changes)
