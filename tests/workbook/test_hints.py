"""Hints come in steps."""

import itertools

import pytest

from posenet_lib.core import workspace
from posenet_lib.core.errors import WorkbookError
from posenet_lib.workbook import CheckFailed, check, checks, hint, hints, load_answer
from posenet_lib.workbook.hints import HINTS
from posenet_lib.workbook.questions import BY_ID
from tests.support.places import ANSWERS, SOLUTIONS

NAMES = list(BY_ID)


@pytest.fixture(autouse=True)
def fresh_kernel(monkeypatch):
    """What other tests have checked in this process is forgotten."""
    monkeypatch.setattr(checks, "_passed", {})
    monkeypatch.setattr(hints, "_next_step", {})


def test_hints_come_in_steps_and_hold_no_solution(capsys):
    for name in NAMES:
        for step in itertools.chain(range(1, len(HINTS[name]) + 1), [len(HINTS[name])]):
            hint(name)
            assert f"Hint {step} of {len(HINTS[name])}" in capsys.readouterr().out
    hint("head_loss", 2)
    assert "Hint 2 of 4" in capsys.readouterr().out
    with pytest.raises(WorkbookError, match="hints 1 to 4"):
        hint("head_loss", 9)
    with pytest.raises(WorkbookError, match=r"generate_mean_image, head_loss.* PoseLoss"):
        hint("mean_image")
    assert all(3 <= len(hints) <= 4 for hints in HINTS.values())


def test_after_a_passed_check_there_is_no_hint(capsys, tmp_path):
    hint("head_loss")
    assert "Hint 1 of 4" in capsys.readouterr().out
    check(load_answer("head_loss", ANSWERS))
    hint("head_loss")
    assert "check(head_loss) has passed" in capsys.readouterr().out
    hint("head_loss", 2)  # asked for by its number
    assert "Hint 2 of 4" in capsys.readouterr().out
    (tmp_path / "head_loss.py").write_bytes((ANSWERS / "head_loss" / "wrong" / "mse.py").read_bytes())
    with pytest.raises(CheckFailed):
        check(load_answer("head_loss", tmp_path))
    hint("head_loss")
    assert "Hint 2 of 4" in capsys.readouterr().out


def test_in_a_new_kernel_the_recorded_answer_is_asked(capsys):
    file = workspace.answers_dir() / "head_loss.py"
    file.parent.mkdir(parents=True)
    file.write_bytes((ANSWERS / "head_loss" / "wrong" / "mse.py").read_bytes())
    hint("head_loss")
    assert "Hint" in capsys.readouterr().out
    file.write_text(SOLUTIONS["head_loss"], encoding="utf-8")
    hint("head_loss")
    assert "has passed" in capsys.readouterr().out
