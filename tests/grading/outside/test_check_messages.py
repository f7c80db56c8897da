"""Messages of the checks that may be passed on."""

import importlib

import pytest

from posenet_lib.grading.outside import check_messages
from posenet_lib.grading.outside.check_messages import known_lines, names_of_checks
from posenet_lib.grading.outside.hidden_cells.question_data import all_questions
from posenet_lib.grading.outside.results import CheckLine

QUESTIONS = {data.grade_id: data for data in all_questions()}
KNOWN = "beta multiplies both errors. It belongs to the orientation error alone."


def test_only_known_texts_pass_when_a_reference_is_in_the_kernel():
    lines = [
        CheckLine("gradient", "wrong", f"{KNOWN} Expected 7, got 3."),
        CheckLine("a perfect prediction", "raised", "RuntimeError: def head_loss(predicted, ..."),
        CheckLine("def head_loss(...)", "raised", KNOWN),
    ]
    assert known_lines(lines, QUESTIONS["head_loss"]) == [
        CheckLine("a perfect prediction", "raised", check_messages._WITHHELD),
        CheckLine("gradient", "wrong", KNOWN),
    ]


def test_how_often_and_in_which_order_lines_come_says_nothing():
    names = names_of_checks("pose_loss")
    lines = [CheckLine(name, "wrong", KNOWN) for name in (*reversed(names), *names, *names)]
    assert [line.name for line in known_lines(lines, QUESTIONS["PoseLoss"])] == list(names)


def test_an_error_of_the_cell_itself_is_still_said():
    (line,) = known_lines([CheckLine("your cell", "raised", "NameError: LEAK")], QUESTIONS["PoseLoss"])
    assert line == CheckLine("your cell", "raised", check_messages._WITHHELD)


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_names_are_those_that_students_see(name):
    module = QUESTIONS[name].question.checks
    checks = importlib.import_module(f"posenet_lib.workbook.checks.{module}").SUB_CHECKS
    assert names_of_checks(module) == tuple(sub_check.name for sub_check in checks)
