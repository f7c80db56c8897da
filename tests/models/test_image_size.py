"""Smaller pictures: the same network, crops and labels, less arithmetic."""

import numpy as np
import pytest
import torch

from posenet_lib.cli import main
from posenet_lib.core.config import IMAGE_SIZES, PredictConfig, TrainConfig
from posenet_lib.core.errors import WorkbookError
from posenet_lib.data.augmentation import Augmentation
from posenet_lib.data.dataset import PoseDataset
from posenet_lib.data.transforms import centre_corner, network_input, shrink
from posenet_lib.evaluation.predict import predict_as
from posenet_lib.models.checkpoint import load_checkpoint
from posenet_lib.models.posenet import PoseNet
from posenet_lib.scenes.scene import load_scene
from tests.support.places import ANSWERS


@pytest.mark.parametrize("size", IMAGE_SIZES)
@pytest.mark.parametrize("trunk", ["googlenet-bn", "resnet18"])
def test_weights_have_the_same_shapes_at_every_size(size, trunk):
    small, usual = PoseNet(trunk=trunk, image_size=size), PoseNet(trunk=trunk)
    small.load_state_dict(usual.state_dict())
    heads = [pose for pose in small.train()(torch.rand(2, 3, size, size)) if pose]
    assert len(heads) == (1 if trunk == "resnet18" else 3)
    assert all(pose.position_m.shape == (2, 3) and pose.quaternion_wxyz.shape == (2, 4) for pose in heads)


def test_a_smaller_picture_shows_the_same():
    across = torch.linspace(-1, 1, 224).expand(1, 3, 224, 224)
    assert shrink(across, 224) is across
    small = shrink(across, 112)
    assert small.shape == (1, 3, 112, 112)
    torch.testing.assert_close(small[0, 0, 5, 1:-1], torch.linspace(-1, 1, 224).view(112, 2).mean(dim=1)[1:-1])


def test_a_data_set_gives_smaller_pictures_of_the_same_crops_with_the_same_labels(small_scene):
    split = load_scene(small_scene).train
    store, grey = split.open_store(show_progress=False), np.full((256, 455, 3), 128, "f4")
    usual, small = (
        PoseDataset(store, split.records, grey, augmentation=Augmentation(0.1, 0.5), focal_px=200.0, image_size=size)
        for size in (224, 112)
    )
    ours, theirs = small.__getitems__([3, 1]), usual.__getitems__([3, 1])
    assert ours.image.shape == (2, 3, 112, 112)
    torch.testing.assert_close(ours.image, shrink(theirs.image, 112))
    assert torch.equal(ours.quaternion_wxyz, theirs.quaternion_wxyz)


def test_a_run_at_another_size_is_evaluated_and_predicts_at_it(small_scene, tmp_path, capsys):
    run = str(tmp_path / "run")
    train = ["train", "--scene", str(small_scene), "--answers", str(ANSWERS), "--out", run, "--image-size", "112"]
    assert main([*train, "--trunk", "resnet18", "--epochs", "1", "--batch-size", "8", "--device", "cpu"]) == 0
    checkpoint = load_checkpoint(run)
    model = checkpoint.build_model()
    assert (checkpoint.config.image_size, model.image_size) == (112, 112)
    scene = load_scene(small_scene)
    dataset = PoseDataset(scene.test.open_store(show_progress=False), scene.test.records, checkpoint.mean_image)
    found = predict_as(PredictConfig(), model, dataset).poses.position_m
    photos = torch.from_numpy(np.stack([dataset.store[index] for index in range(len(dataset))]))
    with torch.inference_mode():
        expected = model(shrink(network_input(photos, dataset.mean_image, centre_corner(256, 455)), 112)).main
    np.testing.assert_allclose(found, expected.position_m.numpy(), atol=1e-4)
    for more in ([], ["--test-time", "dense", "--crops", "4"]):
        assert main(["evaluate", "--scene", str(small_scene), "--checkpoint", run, *more]) == 0
    assert "PoseNet (this network)" in capsys.readouterr().out


def test_a_size_that_is_not_offered_is_refused():
    with pytest.raises(WorkbookError, match="image_size is 100; choose one of 112, 160, 224"):
        TrainConfig(image_size=100)
