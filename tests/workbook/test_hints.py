"""Hints come in steps."""

import itertools

import pytest

from posenet_lib.core.errors import WorkbookError
from posenet_lib.workbook import hint
from posenet_lib.workbook.hints import HINTS
from posenet_lib.workbook.questions import BY_ID

NAMES = list(BY_ID)


def test_hints_come_in_steps_and_hold_no_solution(capsys):
    for name in NAMES:
        for step in itertools.chain(range(1, len(HINTS[name]) + 1), [len(HINTS[name])]):
            hint(name)
            assert f"Hint {step} of {len(HINTS[name])}" in capsys.readouterr().out
    hint("head_loss", 2)
    assert "Hint 2 of 4" in capsys.readouterr().out
    with pytest.raises(WorkbookError, match="hints 1 to 4"):
        hint("head_loss", 9)
    with pytest.raises(WorkbookError, match="generate_mean_image, head_loss or PoseLoss"):
        hint("mean_image")
    assert all(3 <= len(hints) <= 4 for hints in HINTS.values())
