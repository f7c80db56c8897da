"""`posenet weights pretrain` ends with a command that works."""

import re
import shlex

import pytest

from posenet_lib.cli import build_parser, main
from posenet_lib.commands.options import read_settings
from posenet_lib.core.config import TrainConfig
from posenet_lib.pretraining.batches import SIZE


@pytest.mark.parametrize("trunk", ["googlenet", "googlenet-bn"])
def test_training_that_is_advised_fits_the_file(trunk, monkeypatch, tmp_path, capsys):
    for place in ("photos.court_photos", "run.pretrain", "run.save_trunk"):
        monkeypatch.setattr(f"posenet_lib.pretraining.{place}", lambda *_, **__: None)
    file = tmp_path / "my trunk.safetensors"
    assert main(["weights", "pretrain", "--trunk", trunk, "--out", str(file)]) == 0
    command = re.search(r"posenet (train .*)", capsys.readouterr().out)[1]
    config = read_settings(build_parser().parse_args(shlex.split(command)), TrainConfig)
    assert (config.trunk, config.image_size, config.pretrained) == (trunk, SIZE, str(file))
