"""Runs sub-checks and tells four outcomes apart: passed, wrong, not attempted, raised."""

import contextlib
import contextvars
import io
import linecache
import re
import sysconfig
import traceback
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

import posenet_lib
from posenet_lib.workbook.feedback import NOT_ATTEMPTED, PASSED, RAISED, WRONG, CheckResult

_NOT_THE_STUDENTS = (str(Path(posenet_lib.__file__).parent), sysconfig.get_paths()["stdlib"], "<frozen")
_ADVICE = {  # part of an error's text -> what it means here
    "numpy() on Tensor that requires grad": "Do not add `.detach()`: it cuts the gradient. Stay in torch instead.",
    "must match the size of tensor": "Print both shapes.",
    "read-only": "A photo's array cannot be written to. Make a copy: `np.array(photo)`.",
    "no attribute 'read'": "`photos` holds photos that are open already: leave out `Image.open`.",
    "is not defined": "Define or import the name in this cell, and run the cell again.",
}
_Found = TypeVar("_Found")
_found_out: contextvars.ContextVar[dict | None] = contextvars.ContextVar("found_out", default=None)
_PRINTED_LIMIT = 1000  # characters: enough for print-debugging; an endless print must not fill the notebook


class SubCheck(NamedTuple):
    """One named property of an answer. `run` raises `Wrong`, or returns None or a piece of advice."""

    name: str
    run: Callable[[object], str | None]
    if_raised: str = ""  # what an error in this sub-check probably means
    explain: Callable[[object, BaseException], str] | None = None  # what this error of this answer means, else ""
    call: str = ""  # the call that has to work, said where the answer does not take these arguments


class Wrong(Exception):  # noqa: N818 - a verdict, not a fault of the program
    """A property does not hold. `cause` says why in plain words; `detail` adds this sub-check's numbers."""

    def __init__(self, cause: str, detail: str = ""):
        super().__init__(f"{cause} {detail}".strip())
        self.cause = cause


class _FirstCharacters(io.TextIOBase):
    """A stream that keeps its beginning."""

    def __init__(self):
        self.text = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if len(self.text) <= _PRINTED_LIMIT:
            self.text += text[: _PRINTED_LIMIT + 1 - len(self.text)]
        return len(text)


def once(find: Callable[[object], _Found], answer: object) -> _Found:
    """`find(answer)`, worked out only once while an answer's sub-checks run: several of them ask for the cause."""
    known = _found_out.get()
    if known is None:
        return find(answer)
    key = (find, id(answer))
    if key not in known:
        known[key] = find(answer)
    return known[key]


def run_sub_checks(sub_checks: Sequence[SubCheck], answer: object) -> tuple[tuple[CheckResult, ...], str]:
    """Run all of them on one answer; also returns what the answer printed (its beginning)."""
    printed = _FirstCharacters()
    token = _found_out.set({})
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            results = tuple(_run(sub_check, answer) for sub_check in sub_checks)
    finally:
        _found_out.reset(token)
    more = len(printed.text) > _PRINTED_LIMIT
    return results, printed.text[:_PRINTED_LIMIT] + ("\n... (and more)" if more else "")


def _run(sub_check: SubCheck, answer: object) -> CheckResult:
    try:
        return CheckResult(sub_check.name, PASSED, sub_check.run(answer) or "")
    except Wrong as wrong:
        return CheckResult(sub_check.name, WRONG, str(wrong), wrong.cause)
    except (Exception, SystemExit) as error:
        where = _students_line(error)
        if isinstance(error, NotImplementedError) and (not str(error) or "NotImplementedError" in where):
            message = f"The code still raises NotImplementedError{where}. Replace that line with your own code."
            return CheckResult(sub_check.name, NOT_ATTEMPTED, message, "stub")
        what = f"Your code raised {_one_line(error)}{where}."
        if explained := _explained(sub_check, answer, error):
            return CheckResult(sub_check.name, RAISED, f"{what} {explained}", explained)
        advice = [*_advice(error), sub_check.if_raised, sub_check.call if _does_not_take(error) else ""]
        return CheckResult(sub_check.name, RAISED, " ".join(filter(None, [what, *advice])), what)


def _explained(sub_check: SubCheck, answer: object, error: BaseException) -> str:
    """What the sub-check itself says about an error; it may call the answer again, which may raise again."""
    if sub_check.explain is not None:
        with contextlib.suppress(Exception, SystemExit):
            return sub_check.explain(answer, error)
    return ""


def _advice(error: BaseException) -> list[str]:
    """What an error means in any exercise."""
    found = [text for part, text in _ADVICE.items() if part in str(error)]
    if isinstance(error, AttributeError) and (fields := getattr(type(error.obj), "_fields", ())):
        found.append(f"{type(error.obj).__name__} has: {', '.join(fields)}.")
    return found


def _does_not_take(error: BaseException) -> bool:
    """Whether the check's own call failed, before any line of the answer ran: other names or numbers of arguments."""
    *_, last = traceback.extract_tb(error.__traceback__)
    own = last.filename.startswith(_NOT_THE_STUDENTS[0])
    return isinstance(error, TypeError) and own and re.search(r"\bargument|\btakes\b", str(error)) is not None


def describe(error: BaseException) -> str:
    """'TypeError: ... in line 7: `the line`', of the student's own code where the error went through it."""
    return _one_line(error) + _students_line(error)


def _one_line(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:300]}" if text else type(error).__name__


def _students_line(error: BaseException) -> str:
    """The last line of the student's own code in the error's traceback: neither ours nor a library's."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if not frame.filename.startswith(_NOT_THE_STUDENTS) and "site-packages" not in frame.filename:
            file = Path(frame.filename)
            # A cell's code has a made-up file name; a recorded answer's file is really there.
            of = f" of {file.parent.name}/{file.name}" if file.is_file() else " of the cell"
            source = linecache.getline(frame.filename, frame.lineno).strip()
            return f" in line {frame.lineno}{of}" + (f": `{source}`" if source else "")
    return " when the check called it"
