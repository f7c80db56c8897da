"""Parts that students build and the library has too: later cells run on the student's where it is right."""

from pathlib import Path
from typing import TypeVar

from posenet_lib.core.errors import WorkbookError
from posenet_lib.workbook.answers import is_recorded, load_answer
from posenet_lib.workbook.checks import run_checks
from posenet_lib.workbook.feedback import say
from posenet_lib.workbook.questions import question

Part = TypeVar("Part")


def own_or(library: Part, name: str, answers_dir: str | Path | None = None) -> Part:
    """The student's answer where it is recorded and passes its check, else the library's part; says which it is.

    Args:
        library: what stands in, called in the same way.
        name: of the practice, such as "PoseHead".
        answers_dir: a folder of answers; the workspace's `answers/` by default.
    """
    if not is_recorded(question(name), answers_dir):
        say(f"{name}: the library's, because yours is not recorded.")
        return library
    try:
        own = load_answer(name, answers_dir)
        if run_checks(own).passed:
            say(f"{name}: yours.")
            return own
    except WorkbookError as error:
        say(f"{name}: the library's. {error}")
        return library
    say(f"{name}: the library's. Yours is recorded, not right yet.")
    return library


def passes(name: str, answers_dir: str | Path | None = None) -> bool:
    """Whether an answer is recorded, runs, and passes its check."""
    try:
        return is_recorded(question(name), answers_dir) and run_checks(load_answer(name, answers_dir)).passed
    except WorkbookError:
        return False
