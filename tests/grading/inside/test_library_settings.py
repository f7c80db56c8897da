"""An answer keeps the settings that it has made; a hidden cell never sees them."""

import numpy as np
import pytest
import torch

from posenet_lib.grading.inside.probe_kit import run_probe

CODE = """\
say(torch.randn(1).dtype)
say(answer())
say(torch.zeros(1).dtype)
say(torch.is_grad_enabled())
1 / np.zeros(1)
"""


@pytest.fixture
def settings_restored():
    errors = np.geterr()
    yield
    np.seterr(**errors)
    torch.set_default_dtype(torch.float32)
    torch.set_grad_enabled(True)


def test_settings_of_the_answer(settings_restored, capsys):
    torch.set_default_dtype(torch.float64)
    torch.set_grad_enabled(False)
    np.seterr(all="raise")
    run_probe(f"import numpy as np, torch\n{CODE}", lambda: torch.zeros(1).dtype, [])
    shown = capsys.readouterr().out.split("\n")[:4]
    assert shown == ["- torch.float32", "- torch.float64", "- torch.float32", "- True"]
    assert torch.get_default_dtype() == torch.float64 and np.geterr()["divide"] == "raise"


def test_what_came_before_an_error_is_shown(capsys):
    with pytest.raises(ZeroDivisionError):
        run_probe("say('first')\nanswer()\nsay('second')", lambda: 1 / 0, [])
    assert capsys.readouterr().out == "- first\n"
