"""Lines for Jupyter in an answer: read in one way everywhere."""

import ast
import json

import pytest

from posenet_lib.grading.outside.hand_ins.answer_cells import is_complete
from posenet_lib.grading.outside.hand_ins.hand_in import hand_in
from posenet_lib.grading.outside.hand_ins.magics import parse_cell
from posenet_lib.grading.outside.pages.similar import fingerprint
from posenet_lib.workbook.notebook_files import fill_answers, read_notebook
from tests.support.places import NOTEBOOKS

ANSWER = "def head_loss(predicted, target, beta):\n    return (predicted.position_m - beta).sum()\n"


@pytest.mark.parametrize("line", ["%matplotlib inline", "!ls", "?print", "    %time beta"])
def test_a_magic_line_changes_nothing(line, tmp_path):
    head, _, body = ANSWER.partition("\n")
    source = f"{head}\n{line}\n{body}" if line[0] == " " else f"{line}\n{ANSWER}"
    assert is_complete(source, "head_loss")
    assert fingerprint(source) == fingerprint(ANSWER) != ""
    notebook = read_notebook(NOTEBOOKS / "04_loss.ipynb")
    fill_answers(notebook, {"head_loss": f"# TODO 2: head_loss\n{source}"})
    (tmp_path / "04_loss.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    said = hand_in(tmp_path, tmp_path / "me.zip", run_checks=False)
    assert "TODO 2 head_loss in 04_loss.ipynb: your answer, " in said and "not valid" not in said


def test_a_remainder_below_a_bracket_is_no_magic_line():
    indented = ANSWER.replace(" - beta", "\n        % 7")
    assert "Mod" in ast.dump(parse_cell(indented))
    assert fingerprint(indented) != fingerprint(indented.replace("% 7", "% 8"))


def test_what_is_no_python_stays_none():
    for source in ("def head_loss(:\n", "%matplotlib inline\ndef head_loss(:\n", "\0"):
        assert not is_complete(source, "head_loss") and fingerprint(source) == ""
