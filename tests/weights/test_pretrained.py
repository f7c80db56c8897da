"""Pretrained weights: every format comes into the right layers with the right numbers, and says what it did."""

import dataclasses
import pickle
import re
import shutil

import numpy as np
import pytest
import torch

from posenet_lib.cli import main
from posenet_lib.core.config import TrainConfig
from posenet_lib.core.errors import WorkbookError
from posenet_lib.geometry.poses import PositionSpread
from posenet_lib.models.checkpoint import BEST, load_checkpoint
from posenet_lib.models.posenet import PoseNet
from posenet_lib.scenes.scene import load_scene
from posenet_lib.training.fit import fit
from posenet_lib.weights.inspect import inspect_file
from posenet_lib.weights.pretrained import load_pretrained, pretrained_file
from tests.support.places import ANSWERS
from tests.support.weight_files import (
    places_arrays,
)


def broken(change) -> dict[str, np.ndarray]:
    arrays = {key: np.zeros(array.shape, np.float32) for key, array in places_arrays().items()}
    change(arrays)
    return arrays


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda a: a.pop("inception_4a/3x3_1"), r"inception_4a/3x3_1 is missing"),
        (lambda a: a.update({"conv9_0": np.zeros(3, np.float32)}), r"conv9_0 is unknown"),
        (
            lambda a: a.update({"conv2/3x3_0": np.zeros((192, 64, 5, 5), np.float32)}),
            r"conv2/3x3_0 has the shape 192 x 64 x 5 x 5, expected is 192 x 64 x 3 x 3",
        ),
        (lambda a: a["loss1/fc_0"].__setitem__((3, 5), np.nan), r"loss1/fc_0 holds numbers that are not finite"),
        (lambda a: [a.pop(key) for key in list(a)[:7]], r"conv1/7x7_s2_0 is missing; .*; and 2 more"),
    ],
)
def test_a_wrong_key_is_named_and_nothing_is_loaded(change, words, tmp_path):
    (tmp_path / "places.pickle").write_bytes(pickle.dumps(broken(change), 2))
    model = PoseNet()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    with pytest.raises(WorkbookError, match=words):
        load_pretrained(model, tmp_path / "places.pickle")
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    found = inspect_file(tmp_path / "places.pickle")
    assert found.fits is None
    assert re.search(words, found.problem)


def test_names_that_are_not_here_or_do_not_fit(files, monkeypatch, tmp_path):
    monkeypatch.setattr("posenet_lib.download.catalogue.pretrained_dir", lambda: tmp_path)
    with pytest.raises(WorkbookError, match="get it with: posenet download places-googlenet"):
        load_pretrained(PoseNet(), "places-googlenet")
    with pytest.raises(WorkbookError, match="get it with: posenet download imagenet-googlenet"):
        load_pretrained(PoseNet(trunk="googlenet-bn"), "imagenet")
    with pytest.raises(WorkbookError, match="no ImageNet weights for the trunk 'googlenet'"):
        load_pretrained(PoseNet(), "imagenet")
    with pytest.raises(WorkbookError, match="get it with: posenet download imagenet-resnet18"):
        load_pretrained(PoseNet(), "imagenet-resnet18")
    with pytest.raises(
        WorkbookError, match=r"^place-googlenet: no such file; give a file, 'courts', 'places-googlenet', or"
    ):
        load_pretrained(PoseNet(), "place-googlenet")
    with pytest.raises(WorkbookError, match=r"nowhere\.pth: no such file"):
        load_pretrained(PoseNet(), tmp_path / "nowhere.pth")
    with pytest.raises(WorkbookError, match="Use --trunk googlenet, or"):
        load_pretrained(PoseNet(trunk="googlenet-bn"), files / "posenet.npy")
    shutil.copy(files / "places-googlenet.pickle", tmp_path)
    assert load_pretrained(PoseNet(), "places-googlenet").path.parent == tmp_path


def test_a_run_of_ones_own_starts_another_scene(run):
    model = PoseNet(PositionSpread((7.0, 7.0, 7.0), (2.0, 2.0, 2.0)), trunk="googlenet-bn")
    report = load_pretrained(model, run / BEST)
    assert "main.fc.weight" in report.loaded
    assert all(".regressor." in name for name in report.fresh)
    assert model.main.regressor.position_scale.mean_m.tolist() == [7, 7, 7]
    assert load_pretrained(model, run) == report, "its folder is enough"


def test_training_starts_from_them_and_says_so(run, small_scene, tmp_path, capsys):
    scene, mean_image = load_scene(small_scene), np.zeros((256, 455, 3), np.float32)
    config = TrainConfig(
        epochs=1,
        batch_size=15,
        trunk="googlenet-bn",
        pretrained=str(run / BEST),
        learning_rate=1e-9,
        precision="float32",
    )

    def loss(output, pose):
        return sum((part.position_m - pose.position_m).abs().mean() for part in output if part is not None)

    fit(scene, mean_image, loss, config, tmp_path / "run", show_progress=False)
    after, before = (load_checkpoint(folder).model for folder in (tmp_path / "run", run))
    layer = "trunk.inception4a.branch2.1.0.weight"
    torch.testing.assert_close(after[layer], before[layer], rtol=0, atol=1e-6)
    report = (tmp_path / "run" / "pretrained.txt").read_text()
    assert "a network of this workbook" in report
    assert report in capsys.readouterr().out
    resumed = dataclasses.replace(config, epochs=2)
    fit(scene, mean_image, loss, resumed, tmp_path / "run", resume=True, show_progress=False)
    assert "Weights from" not in capsys.readouterr().out, "a resumed run goes on from its own weights"


def test_the_command_says_what_does_not_fit(small_scene, files, tmp_path, capsys):
    train = ["train", "--scene", str(small_scene), "--answers", str(ANSWERS), "--out", str(tmp_path / "run")]
    assert main([*train, "--pretrained", str(files / "posenet.npy"), "--batch-norm"]) == 2
    assert "Use --trunk googlenet, or" in capsys.readouterr().err
    assert main([*train, "--pretrained", "nowhere.pth"]) == 2
    assert "nowhere.pth: no such file" in capsys.readouterr().err


def test_advice_for_a_trunk_without_courts_can_be_followed():
    """Courts are pretrained for the two googlenets alone."""
    with pytest.raises(WorkbookError, match=r"for the trunk 'resnet18'.*Use --trunk googlenet-bn$"):
        pretrained_file("courts", "resnet18")
    with pytest.raises(WorkbookError, match=r"or make some: posenet weights pretrain --trunk googlenet --out"):
        pretrained_file("courts", "googlenet")
