"""The checks: which module judges which answer. A module offers `SUB_CHECKS`, run in order by `running`.

No check holds an answer to compare with. The expected numbers are worked out by hand (photos of one colour, a photo
and its negative, Pythagorean distances), and what typical mistakes would give is computed to name the likely cause.
"""

import contextlib
import importlib

from posenet_lib.core.errors import WorkbookError
from posenet_lib.workbook.answers import is_recorded, load_answer
from posenet_lib.workbook.checks.running import run_sub_checks
from posenet_lib.workbook.feedback import CheckReport, attempted, say, show
from posenet_lib.workbook.questions import BY_ID, Question, valid_names

_passed: dict[str, bool] = {}  # of this kernel: what the last check of each answer said


def check(answer: object, *, required: bool | None = None) -> None:
    """Check an answer, `check(head_loss)`: show every sub-check, and what to mend.

    Args:
        required: whether an untouched stub is a failure, so that running all cells stops there. By default a TODO's
            is and practice's is not; `posenet release` sets it where an instructor gives practice points.

    Raises:
        CheckFailed: the answer is wrong, raised an error, or is required and not attempted.
        WorkbookError: `answer` is not a TODO's function or class.
    """
    report = run_checks(answer)
    show(report)
    asked, name = report.question, report.question.grade_id
    _passed[name] = report.passed
    if not report.passed:
        if not attempted(result.outcome for result in report.results):
            if not (asked.is_practice if required is None else not required):
                raise report.failure()
            say(f"{name} is practice: you can do it now, later or not at all. The library's own part stands in for it.")
            return
        if is_recorded(asked):
            say(f"{name}: recorded, not right yet.")
        raise report.failure()
    # An answer from the notebook that lost its `@answer` works here, but training would not find it.
    with contextlib.suppress(WorkbookError):
        if getattr(answer, "__module__", None) == "__main__" and not is_recorded(asked):
            say(f"{name} is not recorded yet: put `@answer` above its definition, and run that cell again.")


def has_passed(name: str) -> bool:
    """Whether an answer passes: what its last check in this kernel said, else the recorded answer is checked now."""
    if name in _passed:
        return _passed[name]
    try:
        return run_checks(load_answer(name)).passed
    except WorkbookError:  # none is recorded, or it does not run
        return False


def run_checks(answer: object) -> CheckReport:
    """The same without display, for tests and grading.

    Raises:
        WorkbookError: `answer` is not a TODO's function or class.
    """
    question = _question_of(answer)
    sub_checks = importlib.import_module(f"posenet_lib.workbook.checks.{question.checks}").SUB_CHECKS
    results, printed = run_sub_checks(sub_checks, answer)
    return CheckReport(question, results, printed)


def _question_of(answer: object) -> Question:
    if isinstance(answer, str) and answer in BY_ID:
        raise WorkbookError(f'check the answer itself, without quotes: check({answer}), not check("{answer}").')
    if type(answer).__name__ in BY_ID:
        name = type(answer).__name__
        raise WorkbookError(f"check the class itself: check({name}), not an object made from it.")
    name = getattr(answer, "__name__", None)
    if name not in BY_ID:
        shown = f"`{name}`" if name else repr(answer)[:80]
        raise WorkbookError(f"check takes one of {valid_names()}, but it got {shown}.")
    return BY_ID[name]
