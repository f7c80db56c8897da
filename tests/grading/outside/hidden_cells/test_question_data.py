"""A question's files: there, complete, and hidden where they must be."""

import ast
from pathlib import Path

import pytest

from posenet_lib.core.errors import WorkbookError
from posenet_lib.grading.outside.hidden_cells.question_data import load_questions, modules_to_preload, parse_probes
from tests.support.places import ANSWERS, ROOT

QUESTIONS = load_questions()


def test_questions_have_all_their_files():
    for data in QUESTIONS:
        assert sum(group.points for group in data.groups) == data.question.points
        for kind, least in (("wrong", 25), ("right", 10)):
            assert len(list((ANSWERS / data.grade_id / kind).glob("*.py"))) >= least


def test_hidden_cells_are_not_in_what_students_get():
    places = [*ROOT.glob("posenet_lib/**/*.py"), *ROOT.glob("notebooks/*.ipynb")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in places)
    for data in QUESTIONS:
        for group in data.groups:
            assert group.lost not in text
            assert not [line for line in group.code.splitlines() if "manual_seed(" in line and line.strip() in text]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1\n", "begins with a line like"),
        ("\n# %% a: T (1 point)\nx = 1\n", "needs a line '# lost:"),
        ("\n# %% a: T (1 point)\n# lost: y\nx = (\n", "is not Python"),
        ("\n# %% a: T (1 point)\n# lost: y\n# %% b: no points\n# lost: y\n", "begins with a line like"),
        ("\n# %% a: T (1 point)\n# lost: y\n# %% a: T (1 point)\n# lost: y\n", "two hidden cells"),
    ],
)
def test_bad_probe_files_are_explained(text, message):
    with pytest.raises(WorkbookError, match=message):
        parse_probes(text, Path("tests/questions/x/probes.py"))


def test_the_warm_process_imports_what_set_up_cells_import():
    modules = modules_to_preload()
    assert {"torch", "numpy", "posenet_lib.grading.inside.probe_kit", "posenet_lib.workbook.checks.pose_loss"} <= set(
        modules
    )


def test_no_question_is_named_in_the_grading_code():
    for file in (ROOT / "posenet_lib" / "grading").rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        texts = {
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        assert not texts & {data.grade_id for data in QUESTIONS}, file
