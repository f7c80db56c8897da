"""One mistake costs its own points once; two cost both; right answers and made-up messages change nothing."""

import re

import pytest

from posenet_lib.grading.outside.grade_one import Course, empty_result, grade_answers
from posenet_lib.grading.outside.hidden_cells.assemble import ExpectedOutput
from posenet_lib.grading.outside.hidden_cells.expected_outputs import expected_outputs
from posenet_lib.grading.outside.hidden_cells.question_data import load_questions, modules_to_preload
from posenet_lib.grading.outside.kernels.limits import Limits
from posenet_lib.grading.outside.kernels.sandbox import Sandbox
from posenet_lib.grading.outside.pages.feedback_page import feedback_page
from posenet_lib.grading.outside.pages.gradescope import gradescope_json
from posenet_lib.grading.outside.same_mistake import _prints, count_once
from tests.support.places import ANSWERS
from tests.support.results import a_result
from tests.support.sandboxes import skip_without_sandbox

EXPECTED = ExpectedOutput([[0, 2]], "", ["", ""])
RECORDED = [{"said": "- float32"}, {"shape": [3], "steps": [1.2, 9.0, -40.45]}]


@pytest.mark.parametrize(
    ("printed", "same"),
    [
        ("- float32\n0: (3,) 1 -40", True),
        ("- float32\n0: (3,) 1 -41", True),  # so near to where the rounding changes, both may come
        ("- float32\n0: (3,) 2 -40", False),
        ("- float64\n0: (3,) 1 -40", False),
        ("- float32\n0: (3, 1) 1 -40", False),
        ("- float32\n0: (3,) none -40", False),
        ("- float32\n0: (3,) 1", False),
        ("- float32", False),
        ("", False),
    ],
)
def test_numbers_are_the_same_but_for_rounding(printed, same):
    assert _prints(printed, RECORDED, EXPECTED) is same


def test_numbers_that_are_none_stay_none():
    assert _prints("0: (1,) none", [{"shape": [1], "steps": [float("inf")]}], ExpectedOutput([[0]], ""))
    assert not _prints("0: (1,) 7", [{"shape": [1], "steps": [float("inf")]}], ExpectedOutput([[0]], ""))
    assert _prints("0: (1,) none", [{"shape": [1], "steps": [4.0]}], ExpectedOutput([[3]], ""))  # of another size


def test_the_pages_say_that_it_is_the_same_mistake():
    result = a_result(passed=(False, False))

    class Known:
        costs = ("g0",)

    count_once(result.questions[0], Known)
    assert result.points == 1.5 < result.max_points
    page = feedback_page(result)
    assert "(1.5) Title 0" in page and "(0: the same mistake) Title 1" in page
    sentence = "The same mistake as in 'Title 0', so this costs no points. mend"
    assert sentence in gradescope_json(result) and sentence.replace("'", "&#x27;") in page
    assert '"status": "failed"' in gradescope_json(result) and '"score": 1.5' in gradescope_json(result)


@pytest.fixture(scope="module")
def paid():
    """Grades one answer: the hidden cells that it has lost, and those whose points it has lost."""
    skip_without_sandbox()
    questions, sandbox = load_questions(), Sandbox(modules_to_preload())
    sandbox.start()
    course = Course(questions, expected_outputs(questions, sandbox, seed=77, kept=False), Limits(), 77)

    def grade(grade_id: str, source: str, junit) -> tuple[list[str], list[str]]:
        result = empty_result("ada", "key", course)
        grade_answers({grade_id: source}, result, course, sandbox, junit)
        row = next(row for row in result.questions if row.grade_id == grade_id)
        assert (row.status, row.reason) == ("graded", "")
        return [g.name for g in row.groups if not g.passed], [g.name for g in row.groups if not g.earned]

    yield grade
    sandbox.close()


def answer(grade_id: str, name: str) -> str:
    return (ANSWERS / grade_id / f"{name}.py").read_text(encoding="utf-8")


def changed(source: str, old: str, new: str) -> str:
    assert old in source
    return source.replace(old, new)


OTHER_STYLE = """
import torch
from posenet_lib.workbook import answer

@answer
def head_loss(predicted, target, beta):
    total = 0.0
    for x, q, true_x, true_q in zip(*predicted, *target):
        total = total + (x - true_x).abs().sum() + beta * (q - true_q / true_q.norm()).abs().sum()
    return total / len(predicted[0])
"""
FORGED = """
from posenet_lib.workbook.checks import running
running._run = lambda sub_check, answer: running.CheckResult(sub_check.name, "wrong", "absolute values", "")
"""
IN_PLACE = "    target[1].mul_(1 / target[1].norm(dim=1, keepdim=True))\n    total = 0.0"
ALL = ["position", "orientation", "unit", "gradient"]


@pytest.mark.parametrize(
    ("source", "lost", "costs"),
    [
        (answer("head_loss", "wrong/l1"), ALL, ["position"]),
        (OTHER_STYLE, ALL, ["position"]),
        (changed(OTHER_STYLE, "true_q / true_q.norm()", "true_q"), ALL, ALL),  # a second mistake
        (FORGED + changed(OTHER_STYLE, "true_q / true_q.norm()", "true_q"), ALL, ALL),
        (changed(OTHER_STYLE, "    total = 0.0", IN_PLACE), ALL, ALL),
        (answer("head_loss", "wrong/orientation_missing"), ALL[1:], ["orientation", "unit"]),
        (answer("head_loss", "wrong/no_return"), ALL, ALL),
        (answer("head_loss", "solution"), [], []),
    ],
    ids=["l1", "other_style", "and_not_normalised", "forged", "and_in_place", "missing", "no_return", "right"],
)  # fmt: skip
def test_points_of_head_loss(source, lost, costs, paid, tmp_path):
    assert paid("head_loss", source, tmp_path / "junit.xml") == (lost, costs)


def test_points_of_the_mean_of_batch_means(paid, tmp_path):
    batches = answer("generate_mean_image", "wrong/batch_means")
    of_8 = re.sub(r"\b4\b", "8", batches)
    assert "len(arrays), 8)" in of_8
    both = ["mean", "details"]
    assert paid("generate_mean_image", of_8, tmp_path / "junit.xml") == (both, ["mean"])
    bicubic = changed(of_8, "resize_smaller_side(p, smaller_side)", "bicubic(p, smaller_side)") + (
        "\ndef bicubic(photo, side):\n    from PIL import Image\n"
        "    return photo.resize(resize_smaller_side(photo, side).size, Image.BICUBIC)\n"
    )
    assert paid("generate_mean_image", bicubic, tmp_path / "junit.xml") == (both, both)
