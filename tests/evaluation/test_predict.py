"""Poses of photos: in either number format, alone or in a batch, from a data set or from files."""

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from posenet_lib.core.config import PredictConfig, TrainConfig
from posenet_lib.core.device import cpu_computes_bf16
from posenet_lib.core.errors import WorkbookError
from posenet_lib.data.dataset import PoseDataset
from posenet_lib.evaluation.predict import predict, predict_as, predict_batch, predict_photos
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray, PositionSpread
from posenet_lib.models.checkpoint import Checkpoint
from posenet_lib.models.posenet import PoseNet
from posenet_lib.scenes.scene import load_scene

needs_bf16 = pytest.mark.skipif(not cpu_computes_bf16(), reason="this processor does not compute in bf16")
PRECISIONS = ["float32", pytest.param("bf16", marks=needs_bf16)]


@pytest.fixture
def trained() -> PoseNet:
    """Batch norm that has seen something: fresh, it would be the identity."""
    torch.manual_seed(1)
    model = PoseNet(trunk="googlenet-bn")
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.running_mean, std=0.2)
            nn.init.uniform_(module.running_var, 0.5, 2.0)
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, std=0.2)
    return model.eval()


def poses(model: PoseNet, photos: torch.Tensor, **how) -> PoseArray:
    mean_image = torch.full(photos.shape[1:], 120.0)
    return predict_batch(model, photos, mean_image, PredictConfig(**how), torch.Generator()).poses


def difference(first: PoseArray, second: PoseArray) -> float:
    return max(np.abs(a - b).max() / np.abs(b).max() for a, b in zip(first, second, strict=True))


@needs_bf16
def test_bf16_moves_a_pose_little(trained):
    photos = torch.randint(0, 256, (2, 230, 240, 3), dtype=torch.uint8)
    exact, rough = poses(trained, photos), poses(trained, photos, precision="bf16")
    assert 0 < difference(rough, exact) < 0.05
    assert difference(poses(trained, photos), exact) < 1e-6, "the network stays as it is"


@pytest.mark.parametrize("precision", PRECISIONS)
def test_one_photo_gets_the_pose_that_it_gets_in_a_batch(trained, precision):
    photos = torch.randint(0, 256, (3, 230, 240, 3), dtype=torch.uint8)
    together = poses(trained, photos, precision=precision)
    for number in (0, 2, 1):
        alone = poses(trained, photos[number : number + 1], precision=precision)
        assert difference(alone, together.take([number])) < 1e-4


def test_a_data_set_in_batches_of_any_size(trained, small_scene):
    test = load_scene(small_scene).test
    data = PoseDataset(test.open_store(show_progress=False), test.records, np.full((256, 455, 3), 90.0, np.float32))
    found = predict(trained.train(), data, batch_size=3)
    assert trained.training, "left in the mode in which it was given"
    assert found.position_m.shape == (4, 3)
    np.testing.assert_allclose(np.linalg.norm(found.quaternion_wxyz, axis=1), 1, atol=1e-12)
    assert (found.quaternion_wxyz[:, 0] >= 0).all()
    for size in (1, 32):
        other = predict_as(PredictConfig(), trained, data, batch_size=size).poses
        assert difference(other, found) < 1e-4


def test_photo_files_get_what_the_data_set_gets(trained, small_scene, tmp_path):
    test = load_scene(small_scene).test
    mean_image = np.full((256, 455, 3), 90.0, np.float32)
    data = PoseDataset(test.open_store(show_progress=False), test.records, mean_image)
    config = TrainConfig(trunk="googlenet-bn")
    checkpoint = Checkpoint(config, "here", PositionSpread(), mean_image, trained.state_dict())
    found = predict_photos(checkpoint, [record.image_path for record in test.records]).poses
    expected = predict(trained, data)
    np.testing.assert_allclose(found.position_m, expected.position_m, atol=1e-4)
    assert quaternion.angle_deg(found.quaternion_wxyz, expected.quaternion_wxyz).max() < 0.01
    Image.new("RGB", (300, 400)).save(tmp_path / "tall.png")
    with pytest.raises(WorkbookError, match=r"tall\.png: 256x341 after resizing, but .* trained on 455x256"):
        predict_photos(checkpoint, [tmp_path / "tall.png"])
