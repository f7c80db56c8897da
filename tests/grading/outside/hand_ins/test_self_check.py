"""`posenet grade --self`."""

import json
from pathlib import Path

from posenet_lib import cli
from posenet_lib.grading.outside.hidden_cells.question_data import load_questions
from posenet_lib.workbook.notebook_files import fill_answers, read_notebook
from tests.support.places import NOTEBOOKS

QUESTIONS = load_questions()


def fill(path: Path, sources: dict[str, str]) -> Path:
    notebook = read_notebook(NOTEBOOKS / path.name)
    fill_answers(notebook, sources)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def test_self_check_of_a_right_and_of_an_untouched_notebook(tmp_path, capfd):
    right = fill(tmp_path / "01_mean_image.ipynb", {data.grade_id: data.reference for data in QUESTIONS})
    assert cli.main(["grade", "--self", str(right)]) == 0
    assert "all 11 checks passed" in capfd.readouterr().out
    assert cli.main(["grade", "--self", str(NOTEBOOKS / "01_mean_image.ipynb")]) == 1
    assert "not attempted" in capfd.readouterr().out


def test_self_check_of_something_else_is_explained(tmp_path, capsys):
    assert cli.main(["grade", "--self", str(NOTEBOOKS / "07_variants.ipynb")]) == 2
    assert "has no answer cell" in capsys.readouterr().err
    assert cli.main(["grade", "--self", str(tmp_path / "absent.ipynb")]) == 2
