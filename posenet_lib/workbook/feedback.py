"""How checks speak: results as text for terminals, as HTML for notebooks, and as the exception of a wrong answer.

An outcome always has a mark and a word, never a colour alone. The HTML takes its text colour from the page, so that
it reads in light and dark themes; colour is only a bar at the side.
"""

import html
import re
import sys
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass

from posenet_lib.workbook.questions import Question

PASSED, WRONG, NOT_ATTEMPTED, RAISED = "passed", "wrong", "not attempted", "raised"
_MARKS = {PASSED: ("+", "✔"), WRONG: ("x", "✘"), NOT_ATTEMPTED: (" ", "○"), RAISED: ("!", "!")}
_BARS = {PASSED: "#2e8b57", WRONG: "#d1495b", NOT_ATTEMPTED: "#808080", RAISED: "#c77700"}
_WIDTH = 100
# What would mean something in Markdown: `__init__`, a formula in dollars, `2 * x`, a heading.
_PLAIN_MARKS = re.compile(r"[\\`$~]|(?<![^\W_])_|_(?![^\W_])|(?<!\S)\*(?!\S)|^#")


@dataclass(frozen=True)
class CheckResult:
    """One named sub-check. `message` says what to mend; after 'passed' it is empty, or advice."""

    name: str
    outcome: str
    message: str = ""
    cause: str = ""  # the message's first part, without this sub-check's numbers: results with one cause share it


def attempted(outcomes: Iterable[str]) -> bool:
    """Whether the outcomes of an answer's checks show an attempt. Notebooks, `--self` and grading all ask this."""
    return any(outcome != NOT_ATTEMPTED for outcome in outcomes)


@dataclass(frozen=True)
class CheckReport:
    """All sub-checks of one answer, and what the answer printed meanwhile."""

    question: Question
    results: tuple[CheckResult, ...]
    printed: str = ""

    @property
    def passed(self) -> bool:
        """Whether every sub-check passed."""
        return all(result.outcome == PASSED for result in self.results)

    @property
    def summary(self) -> str:
        """One line: how many sub-checks passed, and what that means."""
        name, total = self.question.grade_id, len(self.results)
        good = sum(result.outcome == PASSED for result in self.results)
        if good == total:
            return f"{name}: all {total} checks passed. {self.question.label} is done."
        if not attempted(result.outcome for result in self.results):
            return f"{name}: not attempted yet."
        return f"{name}: {good} of {total} checks passed."

    def _lines(self) -> list[tuple[CheckResult, str]]:
        """Results with the text to show: a cause is explained once, then referred to."""
        seen, lines = {}, []
        for result in self.results:
            first = seen.setdefault((result.outcome, result.cause), result.name) if result.cause else result.name
            if first == result.name:
                lines.append((result, result.message))
            else:
                lines.append((result, "" if result.outcome == NOT_ATTEMPTED else f"The same cause as in '{first}'."))
        return lines

    @property
    def text(self) -> str:
        """For terminals and logs; ASCII marks, which every terminal can print."""
        out = [self.summary]
        for result, message in self._lines():
            out.append(f"  [{_MARKS[result.outcome][0]}] {result.outcome:14s}{result.name}")
            if message:
                out.append(textwrap.fill(message, _WIDTH, initial_indent=" " * 8, subsequent_indent=" " * 8))
        if self.printed:
            out += ["  Your code printed:", textwrap.indent(self.printed, " " * 8)]
        return "\n".join(out)

    def _repr_html_(self) -> str:
        rows = []
        for result, message in self._lines():
            detail = f'<div style="margin-left:1.5em">{_html(message)}</div>' if message else ""
            rows.append(
                f'<li style="border-left:4px solid {_BARS[result.outcome]};padding:2px 0 2px 8px;margin:3px 0">'
                f"<b>{_MARKS[result.outcome][1]} {result.outcome}</b> &nbsp;{_html(result.name)}{detail}</li>"
            )
        printed = f"<div>Your code printed:</div><pre>{html.escape(self.printed)}</pre>" if self.printed else ""
        return (
            f'<div style="max-width:60em;color:inherit"><b>{_html(self.summary)}</b>'
            f'<ul style="list-style:none;padding:0;margin:4px 0">{"".join(rows)}</ul>{printed}</div>'
        )

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        return {"text/plain": self.text, "text/html": self._repr_html_()}

    def failure(self) -> "CheckFailed":
        """The exception of a report that has not passed: the summary, and the first thing to mend."""
        first = next(result for result in self.results if result.outcome != PASSED)
        mend = first.message if first.outcome == NOT_ATTEMPTED else f"{first.name} ({first.outcome}): {first.message}"
        return CheckFailed(f"{self.summary} {mend}")


class CheckFailed(AssertionError):  # noqa: N818 - the name that a student reads
    """An answer did not pass its check; `pytest --nbval` counts the cell as failed."""

    def _render_traceback_(self) -> list[str]:
        # IPython shows these lines in place of a traceback: the stack is the checks' own and would teach nothing.
        return textwrap.wrap(f"CheckFailed: {self}", _WIDTH)


def _html(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text))


class Paragraph:
    """What the workbook says to a student: Markdown where the front end shows it, wrapped text elsewhere."""

    def __init__(self, text: str):
        self.text = textwrap.fill(text, _WIDTH)
        self._markdown = _markdown(text)

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        return {"text/plain": self.text, "text/markdown": self._markdown}


def _markdown(text: str) -> str:
    """Code in backticks and `*emphasis*` stay; what else would mean something in Markdown is text."""
    parts = re.split(r"(`[^`]+`)", text)
    parts[::2] = [_PLAIN_MARKS.sub(lambda found: rf"\{found[0]}", part.replace("<", "&lt;")) for part in parts[::2]]
    return "".join(parts)


def say(text: str) -> None:
    """Show one paragraph."""
    _show(Paragraph(text))


def show(report: CheckReport) -> None:
    """Display a report: HTML where the front end can, text elsewhere."""
    _show(report)


def _show(what: Paragraph | CheckReport) -> None:
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        from IPython.display import display

        display(what)
    else:
        print(what.text)
