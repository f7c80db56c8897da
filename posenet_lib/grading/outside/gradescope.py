"""A result in Gradescope's `results.json` format: https://gradescope-autograders.readthedocs.io/en/latest/specs/"""

import json

from posenet_lib.grading.outside.results import QuestionResult, StudentResult
from posenet_lib.workbook.feedback import PASSED


def gradescope_json(result: StudentResult) -> str:
    """One test for each hidden cell; everything in it may be seen by the student."""
    tests = []
    for question in result.questions:
        if not question.groups:
            tests.append(_test(question, question.title, 0.0, question.max_points, False, question.reason))
        for group in question.groups:
            text = "" if group.passed else question.reason or group.lost
            points = group.points if group.passed else 0.0
            tests.append(_test(question, group.title, points, group.points, group.passed, text))
        mend = [f"{line.name} ({line.outcome}): {line.message}" for line in question.checks if line.outcome != PASSED]
        if mend:
            tests.append(_test(question, "the checks of the notebook", 0.0, 0.0, False, "\n".join(mend)))
    document = {
        "score": result.points,
        "execution_time": result.seconds,
        "output": "\n".join(result.problems),
        "output_format": "text",
        "stdout_visibility": "hidden",
        "tests": tests,
    }
    return json.dumps(document, indent=1) + "\n"


def _test(question: QuestionResult, name: str, score: float, most: float, passed: bool, output: str) -> dict:
    return {
        "number": str(question.number),
        "name": f"{question.grade_id}: {name}",
        "score": score,
        "max_score": most,
        "status": "passed" if passed else "failed",
        "output": output,
        "output_format": "text",
        "visibility": "visible",
    }
