"""A scene in map coordinates: the network sees small numbers, and predictions come back in full precision."""

import numpy as np
import pytest

from posenet_lib.core.config import TrainConfig
from posenet_lib.evaluation.predict import predict_photos
from posenet_lib.evaluation.scene_report import evaluate_scene
from posenet_lib.geometry.poses import PositionSpread
from posenet_lib.models.checkpoint import BEST, Checkpoint, load_checkpoint, save_checkpoint
from posenet_lib.models.posenet import PoseNet
from posenet_lib.scenes.pose_list import PoseRecord, write_pose_list
from posenet_lib.scenes.scene import load_scene

OFFSET = np.array([551000.0, 5780000.0, 0])  # in 32 bits, the second has steps of half a metre


@pytest.fixture
def far(small_scene, tmp_path):
    """The small scene at that place of the map, its photos linked."""
    for split in (load_scene(small_scene).train, load_scene(small_scene).test):
        for record in split.records:
            (tmp_path / record.name).parent.mkdir(exist_ok=True)
            (tmp_path / record.name).symlink_to(record.image_path)
        rows = [PoseRecord(r.name, r.image_path, r.position_m + OFFSET, r.quaternion_wxyz) for r in split.records]
        write_pose_list(tmp_path / f"dataset_{split.label}.txt", rows)
    return load_scene(tmp_path)


def test_everything_but_what_is_written_is_without_the_offset(far, small_scene, tmp_path):
    near = load_scene(small_scene)
    assert far.offset_m.tolist() == OFFSET.tolist() and not near.offset_m.any()
    np.testing.assert_allclose(far.train.poses.position_m, near.train.poses.position_m, atol=1e-8)
    config = TrainConfig(trunk="resnet18")
    model = PoseNet.from_config(config, PositionSpread()).eval()
    checkpoint = Checkpoint(config, "far", PositionSpread(), np.full((256, 455, 3), 90, "f4"), model.state_dict())
    checkpoint.offset_m = far.offset_m
    save_checkpoint(tmp_path / BEST, checkpoint)
    checkpoint = load_checkpoint(tmp_path)
    result = evaluate_scene(far, checkpoint, show_progress=False)
    assert np.abs(result.predicted.position_m).max() < 1000 > result.errors["posenet"].position_m.max()
    np.testing.assert_allclose(result.predicted_poses.position_m - OFFSET, result.predicted.position_m, atol=1e-8)
    photos = [record.image_path for record in far.test.records]
    single = predict_photos(checkpoint, photos).poses
    np.testing.assert_allclose(single.position_m, result.predicted_poses.position_m, atol=1e-3)
    whole = np.round(single.position_m)
    assert np.abs(single.position_m - whole).max() > 1e-3, "not rounded to the steps of 32 bits"


def test_older_checkpoints_had_no_offset(tmp_path, far):
    config = TrainConfig(trunk="resnet18")
    state = PoseNet.from_config(config, PositionSpread()).state_dict()
    save_checkpoint(tmp_path / BEST, Checkpoint(config, "old", PositionSpread(), np.zeros((256, 455, 3), "f4"), state))
    assert load_checkpoint(tmp_path).offset_m.tolist() == [0, 0, 0]
