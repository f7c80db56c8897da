"""`posenet benchmark`: options that cannot be."""

import pytest
import torch

from posenet_lib.cli import main


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--photos", "1"], "photos is 1; it must be at least 2"), (["--scene", "nowhere"], "no scene 'nowhere'")],
)
def test_bad_options(arguments, words, capsys):
    assert main(["benchmark", "--quick", *arguments]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.skipif(torch.cuda.is_available(), reason="this computer has the GPU whose absence is tested")
def test_without_a_gpu_it_says_so(capsys):
    assert main(["benchmark", "--device", "cuda"]) == 2
    assert "no CUDA device" in capsys.readouterr().err
