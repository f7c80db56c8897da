"""PoseDataset: samples, batches, crops that depend on seed and epoch alone."""

import numpy as np
import pytest
import torch
from PIL import Image

from posenet_lib.data.augmentation import Augmentation
from posenet_lib.data.dataset import PoseDataset, PoseSample
from posenet_lib.data.transforms import CROP, network_input
from posenet_lib.scenes.photo_store import open_store
from posenet_lib.scenes.pose_list import PoseRecord
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


# Whole batches against the plain way, photo by photo

COUNT = 6


@pytest.fixture(params=["one by one", "on the device"])
def noise(request, tmp_path) -> PoseDataset:
    """Photos of noise, with every kind of change; on a GPU all of them lie in its memory, which "cpu" stands for."""
    rng = np.random.default_rng(5)
    pixels = rng.integers(0, 256, (COUNT, 256, 301, 3), np.uint8)
    pixels[0], pixels[1] = 0, 255
    records = []
    for number, photo in enumerate(pixels):
        path = tmp_path / f"{number}.png"
        Image.fromarray(photo).save(path)
        records.append(PoseRecord(path.name, path, np.zeros(3), np.array([1.0, 0, 0, 0])))
    store = open_store(records, tmp_path, "train", show_progress=False)
    np.testing.assert_array_equal(store.pixels, pixels)
    mean_image = rng.uniform(0, 255, (256, 301, 3)).astype(np.float32)
    dataset = PoseDataset(store, records, mean_image, augmentation=Augmentation(0.3, 0.7), seed=2)
    if request.param == "on the device":
        assert dataset.move_to("cpu")
        assert dataset.on_device is not None
    return dataset


@pytest.mark.parametrize("changed", [False, True])
def test_inputs_are_those_of_the_plain_way(noise, changed):
    if not changed:
        noise.changes = None
    rows = [4, 0, 5, 1, 2, 3]
    batch = noise.__getitems__(rows).image
    assert batch.shape == (COUNT, 3, CROP, CROP)
    assert batch.dtype == torch.float32
    for number, row in enumerate(rows):
        photo = torch.tensor(np.array(noise.store[row]))
        expected = network_input(photo, noise.mean_image, noise.corners[row])
        if changed:
            change = noise.changes[row]
            expected = (expected + 1) * change.gain + change.offset - 1  # contrast about the mean image, which is -1
            if change.patch:
                expected[:, *change.patch] = -1
        torch.testing.assert_close(batch[number], expected, atol=1e-5, rtol=0)
    if changed:
        assert any(change.patch for change in noise.changes)


def test_a_batch_stays_as_it_is_and_so_does_the_store(noise):
    before = np.array(noise.store.pixels)
    kept = [noise.__getitems__([row, row]).image for row in range(COUNT)]
    copies = [batch.clone() for batch in kept]
    for row, (batch, copy) in enumerate(zip(kept, copies, strict=True)):
        torch.testing.assert_close(noise.__getitems__([row, row]).image, copy, atol=0, rtol=0)
        torch.testing.assert_close(batch, copy, atol=0, rtol=0)
    np.testing.assert_array_equal(noise.store.pixels, before)


def test_a_part_of_a_store_finds_its_photos_on_the_device(noise):
    records = [PoseRecord(name, None, np.zeros(3), np.array([1.0, 0, 0, 0])) for name in ("4.png", "1.png")]
    part = PoseDataset(noise.store.subset([4, 1]), records, noise.mean_image.numpy())
    centre = [sample.image for sample in (part[0], part[1])]
    assert part.move_to("cpu")
    for image, sample in zip(centre, (part[0], part[1]), strict=True):
        torch.testing.assert_close(sample.image, image, atol=0, rtol=0)
