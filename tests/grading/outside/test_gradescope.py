"""Gradescope's file."""

import json

from posenet_lib.grading.outside.gradescope import gradescope_json
from posenet_lib.grading.outside.results import CheckLine, GroupResult, QuestionResult, StudentResult


def result(student="ada", passed=(True, False), **more) -> StudentResult:
    groups = [GroupResult(f"g{n}", f"Title {n}", 1.5, ok, "mend `this`") for n, ok in enumerate(passed)]
    row = QuestionResult("head_loss", 2, "The loss", 3.0, "graded", "", groups, [], "abc")
    for name, value in more.items():
        setattr(row, name, value)
    return StudentResult(student, "key", [row])


def test_gradescope_file_adds_up():
    document = json.loads(gradescope_json(result(checks=[CheckLine("one", "wrong", "why")])))
    assert document["score"] == 1.5 == sum(test["score"] for test in document["tests"])
    assert document["stdout_visibility"] == "hidden"
    missing = json.loads(gradescope_json(StudentResult("a", "k", [QuestionResult("x", 1, "T", 3, reason="no cell")])))
    assert missing["score"] == 0 and missing["tests"][0]["output"] == "no cell"
