"""A result in Gradescope's `results.json` format: https://gradescope-autograders.readthedocs.io/en/latest/specs/"""

import json

from posenet_lib.grading.outside.policies.final_grade import FinalGrade
from posenet_lib.grading.outside.policies.gradescope_settings import GradescopeSettings
from posenet_lib.grading.outside.results import QuestionResult, StudentResult
from posenet_lib.workbook.feedback import PASSED


def gradescope_json(
    result: StudentResult,
    grade: FinalGrade | None = None,
    settings: GradescopeSettings | None = None,
) -> str:
    """One test for each hidden cell. `settings` say what the student may see of it, and when."""
    grade, settings = grade or FinalGrade(result), settings or GradescopeSettings()
    tests = []
    for question in result.questions:
        if not question.groups:
            tests.append(_test(question, question.title, 0.0, question.max_points, question.reason))
        for group in question.groups:
            text = "" if group.passed else question.reason or group.why
            tests.append(_test(question, group.title, group.earned, group.points, text, passed=group.passed))
        given = grade.manual.questions.get(question.grade_id)
        if given:
            by_hand = given.points - question.points
            text = f"{given.points:g} of {question.max_points:g} points, given by hand. {given.why}".strip()
            tests.append(_test(question, "given by hand", by_hand, 0.0, text, passed=True))
        for test in tests:
            test.setdefault("visibility", settings.hidden_tests)
        mend = [f"{line.name} ({line.outcome}): {line.message}" for line in question.checks if line.outcome != PASSED]
        if mend:
            checks = _test(question, "the checks of the notebook", 0.0, 0.0, "\n".join(mend), passed=False)
            tests.append(checks | {"visibility": settings.notebook_checks})
    if grade.penalty:
        tests.append(
            {"number": "", "name": "handed in late", "score": -grade.penalty, "max_score": 0.0, "status": "failed"}
            | {"output": grade.lateness.text, "output_format": "text", "visibility": settings.output}
        )
    document = {
        "score": grade.final,
        "execution_time": result.seconds,
        "output": "\n".join(notes(grade)),
        "output_format": "text",
        "visibility": settings.output,
        "stdout_visibility": "hidden",
        "tests": tests,
    }
    return json.dumps(document, indent=1) + "\n"


def notes(grade: FinalGrade) -> list[str]:
    """What concerns the whole hand-in: late days, comment, receipt, remarks."""
    lines = list(grade.result.problems)
    if grade.lateness:
        lines.append(grade.lateness.text)
    if grade.manual.comment:
        lines.append(f"Comment: {grade.manual.comment}")
    if grade.result.receipt:
        lines.append(f"Receipt of what was graded: {grade.result.receipt}")
    return lines


def _test(
    question: QuestionResult, name: str, score: float, most: float, output: str, passed: bool | None = None
) -> dict:
    passed = score == most if passed is None else passed
    return {
        "number": "" if question.number is None else str(question.number),
        "name": f"{question.grade_id}: {name}",
        "score": score,
        "max_score": most,
        "status": "passed" if passed else "failed",
        "output": output,
        "output_format": "text",
    }
