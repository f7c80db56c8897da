"""Answers that training cannot use: each is named in words, and by its line."""

import re

import pytest

from posenet_lib.cli import main
from tests.support.places import ANSWERS, SOLUTIONS


def train(scene, out, *more) -> list[str]:
    return ["train", "--scene", str(scene), "--answers", str(ANSWERS), "--out", str(out), "--image-size", "112", *more]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("output.main.position_m.sum() * float('nan')", "loss became nan in epoch 1"),
        ("float(output.main.position_m.sum())", "your PoseLoss returned -?[0-9.]+; a tensor with one number is needed"),
        ("output.main.position_m.square().sum(1)", r"returned a tensor of shape \(4,\); a tensor with one number"),
        ("output.main.position_m.detach().sum()", "returned a tensor without a gradient; NumPy"),
        (
            "output.aux1.position_m.sum() + output.third",
            "raised AttributeError: .*third.* in PoseLoss.py, line 6",
        ),
        ("sum(head.position_m.mean() for head in output)", "raised AttributeError: 'NoneType'"),  # held-out photos
    ],
)
def test_an_unusable_loss_is_named(body, words, small_scene, tmp_path, capsys):
    pose_loss = (
        "import torch\nclass PoseLoss(torch.nn.Module):\n"
        "    def __init__(self, beta=1.0, head_weights=(1, 1, 1)):\n        super().__init__()\n"
        f"    def forward(self, output, target):\n        return {body}\n"
    )
    assert main(train_with(small_scene, tmp_path, PoseLoss=pose_loss)) == 2
    assert re.search(words, capsys.readouterr().err)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("total / 0", "your generate_mean_image raised ZeroDivisionError"),
        ("np.zeros((256, 455, 3))", "returned numbers from 0 to 0; finite numbers in 0..255"),
        ("np.full((256, 455, 3), 0.4)", "returned numbers from 0.4 to 0.4; finite numbers in 0..255"),
        ("np.zeros((3, 256, 455))", r"shape \(3, 256, 455\); finite numbers in 0..255 of shape \(256, 455, 3\)"),
    ],
)
def test_an_unusable_mean_image_is_named(body, words, small_scene, tmp_path, capsys):
    answer = (
        f"import numpy as np\ndef generate_mean_image(photos, smaller_side=256):\n    total = 1\n    return {body}\n"
    )
    assert main(train_with(small_scene, tmp_path, generate_mean_image=answer)) == 2
    assert re.search(words, capsys.readouterr().err)
    assert not (tmp_path / "run").exists()


def train_with(scene, folder, **answers):
    """The command that trains with the reference answers, but for these."""
    (folder / "answers").mkdir()
    for name, source in (SOLUTIONS | answers).items():
        (folder / "answers" / f"{name}.py").write_text(source, encoding="utf-8")
    arguments = ["train", "--scene", str(scene), "--out", str(folder / "run"), "--answers", str(folder / "answers")]
    return [*arguments, "--epochs", "1", "--batch-size", "4", "--batch-norm"]
