"""The training photos in two parts."""

import numpy as np
import pytest
import torch

from posenet_lib.core.config import TrainConfig
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.intrinsics import write_intrinsics
from posenet_lib.scenes.focal_length import INTRINSICS
from posenet_lib.scenes.practice_court import intrinsics
from posenet_lib.scenes.scene import load_scene
from posenet_lib.training.split import held_out_block, split_training_data


@pytest.fixture(scope="module")
def scene(small_scene):
    return load_scene(small_scene)


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
