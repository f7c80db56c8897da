"""Crops that take in nearly all of a photo: their size, where they may lie, and that training and testing agree."""

import numpy as np
import pytest
import torch

from posenet_lib.cli import main
from posenet_lib.core.config import PredictConfig
from posenet_lib.data.augmentation import Augmentation
from posenet_lib.data.crop_turn import turned_back, turned_with_crop
from posenet_lib.data.dataset import PoseDataset
from posenet_lib.data.transforms import (
    SQUARE,
    Corner,
    batch_input,
    centre_corner,
    input_shape,
    network_input,
    random_corners,
    shrink,
    window_of,
)
from posenet_lib.evaluation.dense_crops import dense_corners
from posenet_lib.evaluation.predict import predict_as
from posenet_lib.models.checkpoint import load_checkpoint
from posenet_lib.scenes.scene import load_scene
from tests.support.training import train_command

SHAPE = 256, 455, 3


@pytest.mark.parametrize(
    ("shape", "window"),
    [((256, 455, 3), (224, 384)), ((455, 256, 3), (384, 224)), ((256, 341, 3), (224, 288)), ((256, 256, 3), SQUARE)],
)
def test_a_window_follows_the_photo(shape, window):
    assert window_of(shape, "wide") == window
    assert window_of(shape, "square") == SQUARE
    small = input_shape(window_of(shape, "wide"), 112)
    assert small == (window[0] // 2, window[1] // 2)
    assert shrink(torch.zeros(1, 3, *window), 112).shape[-2:] == small


def test_training_crops_reach_over_the_edges_and_show_the_mean_image_there():
    window = window_of(SHAPE, "wide")
    corners = random_corners(3000, *SHAPE[:2], torch.Generator().manual_seed(0), window)
    tops, lefts = np.array(corners).T
    assert (tops.min(), tops.max()) == (-8, 256 - 224 + 8)
    assert (lefts.min(), lefts.max()) == (-32, 455 - 384 + 32)
    photo, mean = torch.randint(0, 256, SHAPE, dtype=torch.uint8), torch.rand(SHAPE) * 255
    (image,) = batch_input(photo[None], mean, [Corner(-6, -32)], window)
    assert image.shape == (3, 224, 384)
    assert (image[:, :6] == -1).all() and (image[:, :, :32] == -1).all(), "as pixels that equal the mean"
    whole = network_input(photo, mean, Corner(0, 0), window)
    torch.testing.assert_close(image[:, 6:, 32:], whole[:, :218, :352])


def test_a_crop_inside_is_the_same_alone_and_in_a_batch():
    window = window_of(SHAPE, "wide")
    photo, mean = torch.randint(0, 256, SHAPE, dtype=torch.uint8), torch.rand(SHAPE) * 255
    corner = centre_corner(*SHAPE[:2], window)
    torch.testing.assert_close(
        batch_input(photo[None], mean, [corner], window)[0], network_input(photo, mean, corner, window)
    )
    with pytest.raises(ValueError, match="a 384x224 crop at top 0, left 72 leaves the photo of 455x256"):
        network_input(photo, mean, Corner(0, 72), window)


def test_labels_turn_with_what_lies_beside_the_middle_and_back():
    window = window_of(SHAPE, "wide")
    q = np.random.default_rng(0).normal(size=(3, 4))
    q *= np.sign(q[:, :1]) / np.linalg.norm(q, axis=1, keepdims=True)
    corners = [centre_corner(*SHAPE[:2], window), Corner(-8, -32), Corner(32, 71)]
    turned = turned_with_crop(q, corners, SHAPE, 330.0, window)
    np.testing.assert_allclose(turned[0], q[0], atol=1e-12)
    angles = np.rad2deg(2 * np.arccos(np.clip(np.abs((turned * q).sum(axis=1)), 0, 1)))
    off_px = np.hypot(-8 - 16, -32 - 35), np.hypot(32 - 16, 71 - 35)
    np.testing.assert_allclose(angles[1:], np.rad2deg(np.arctan(np.array(off_px) / 330)), atol=1e-6)
    np.testing.assert_allclose(turned_back(turned, corners, SHAPE, 330.0, window), q, atol=1e-12)


def test_dense_crops_stay_inside():
    window = window_of(SHAPE, "wide")
    corners = dense_corners(*SHAPE[:2], 12, window)
    tops, lefts = np.array(corners).T
    assert len(corners) == 12 and tops.min() == lefts.min() == 0
    assert (tops.max(), lefts.max()) == (256 - 224, 455 - 384)


def test_a_data_set_hides_patches_all_over_the_crop(small_scene):
    split = load_scene(small_scene).train
    store, grey = split.open_store(show_progress=False), np.full(SHAPE, 128, "f4")
    data = PoseDataset(store, split.records, grey, augmentation=Augmentation(erase=1.0), crop="wide", image_size=112)
    columns = []
    for epoch in range(20):
        data.start_epoch(epoch)
        columns += [change.patch[1].stop for change in data.changes]
    assert data.__getitems__([0, 1]).image.shape == (2, 3, 112, 192)
    assert 300 < max(columns) <= 384


def test_a_run_with_wide_crops_is_kept_continued_evaluated_and_predicts(small_scene, tmp_path, capsys):
    command = train_command(small_scene, tmp_path / "run", "--batch-norm", "--batch-size", "8", "--device", "cpu")
    command += ["--image-size", "112", "--crop", "wide", "--epochs"]
    assert main([*command, "1"]) == 0
    assert main([*command, "2", "--resume"]) == 0
    checkpoint = load_checkpoint(tmp_path / "run")
    model, scene = checkpoint.build_model(), load_scene(small_scene)
    assert (model.image_size, model.crop) == (112, "wide")
    dataset = PoseDataset(scene.test.open_store(show_progress=False), scene.test.records, checkpoint.mean_image)
    found = predict_as(PredictConfig(), model, dataset).poses.position_m
    photos = torch.from_numpy(np.stack([dataset.store[index] for index in range(len(dataset))]))
    window = window_of(SHAPE, "wide")
    with torch.inference_mode():
        seen = network_input(photos, dataset.mean_image, centre_corner(256, 455, window), window)
        expected = model.eval()(shrink(seen, 112)).main.position_m
    np.testing.assert_allclose(found, expected.numpy(), atol=1e-4)
    for mode, few in (("centre", []), ("dense", ["--crops", "4"]), ("mc-dropout", ["--samples", "2"])):
        options = ["--test-time", mode, *few]
        assert main(["evaluate", "--scene", str(small_scene), "--checkpoint", str(tmp_path / "run"), *options]) == 0
    capsys.readouterr()
    assert main([*command, "3", "--resume", "--crop", "square"]) != 0
    assert "crop" in capsys.readouterr().err
