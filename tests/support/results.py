"""A student's results, as grading leaves them."""

from posenet_lib.grading.outside.results import GroupResult, QuestionResult, StudentResult


def a_result(student: str = "ada", passed: tuple[bool, ...] = (True, False), **more) -> StudentResult:
    """One question with a group of 1.5 points for each of `passed`; `more` sets fields of the question's result."""
    groups = [GroupResult(f"g{n}", f"Title {n}", 1.5, ok, "mend `this`") for n, ok in enumerate(passed)]
    row = QuestionResult("head_loss", 2, "The loss", 3.0, "graded", "", groups, [], "abc")
    for name, value in more.items():
        setattr(row, name, value)
    return StudentResult(student, "key", [row])
