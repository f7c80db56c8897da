"""Gradescope's file."""

import json

from posenet_lib.grading.outside.pages.gradescope import gradescope_json
from posenet_lib.grading.outside.results import CheckLine, QuestionResult, StudentResult
from tests.support.results import a_result


def test_gradescope_file_adds_up():
    document = json.loads(gradescope_json(a_result(checks=[CheckLine("one", "wrong", "why")])))
    assert document["score"] == 1.5 == sum(test["score"] for test in document["tests"])
    assert document["stdout_visibility"] == "hidden"
    missing = json.loads(gradescope_json(StudentResult("a", "k", [QuestionResult("x", 1, "T", 3, reason="no cell")])))
    assert missing["score"] == 0 and missing["tests"][0]["output"] == "no cell"
