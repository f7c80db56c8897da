"""A student's page: points, which hidden tests passed, and what the notebook's own checks say about what to mend.

Everything on it is escaped, because texts may come from the student's own code. Marks and words, never a colour alone.
"""

import html
import re

from posenet_lib.grading.outside.policies.final_grade import FinalGrade
from posenet_lib.grading.outside.results import CheckLine, GroupResult, QuestionResult, StudentResult
from posenet_lib.workbook.feedback import PASSED

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46em; margin: 2em auto; padding: 0 1em; color: #1b1b1b }
h1 { font-size: 1.5em } h2 { font-size: 1.15em; margin-top: 2em; border-top: 1px solid #ccc; padding-top: .8em }
.points { float: right; font-weight: 600 } ul { list-style: none; padding: 0 }
li { margin: .35em 0; padding-left: .7em; border-left: 4px solid #b3b3b3 }
li.passed { border-color: #2e8b57 } li.lost { border-color: #d1495b } li p { margin: .1em 0 .2em 1.5em }
code { background: #f2f2f2; padding: 0 .2em; overflow-wrap: anywhere; unicode-bidi: isolate }
.note { color: #444 } .reason { background: #fff4e0; padding: .5em .8em }
"""


def feedback_page(result: StudentResult, grade: FinalGrade | None = None) -> str:
    """The page as HTML; without `grade`, of the hidden tests alone."""
    grade = grade or FinalGrade(result)
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
        f"<title>Feedback for {_text(result.student)}</title><style>{_STYLE}</style></head><body>",
        f"<h1><bdi>{_text(result.student)}</bdi>",
        f"<span class='points'>{grade.final:g} of {result.max_points:g} points</span></h1>",
        *(f"<p class='reason'>{_text(problem)}</p>" for problem in result.problems),
        *_whole(grade),
        *(_question(question, grade) for question in result.questions),
        "</body></html>",
    ]
    return "\n".join(parts) + "\n"


def _whole(grade: FinalGrade) -> list[str]:
    """What concerns the whole hand-in: late days, a comment, the receipt."""
    parts = []
    if grade.lateness:
        deducted = f" <b>{grade.earned:g} - {grade.penalty:g} = {grade.final:g} points.</b>" if grade.penalty else ""
        parts.append(
            f"<p class='{'reason' if grade.lateness.short else 'note'}'>{_text(grade.lateness.text)}{deducted}</p>"
        )
    if grade.manual.comment:
        parts.append(f"<p class='note'>Comment: <bdi>{_text(grade.manual.comment)}</bdi></p>")
    if grade.result.receipt:
        text = f"Receipt of what was graded: `{grade.result.receipt}`. `posenet submit` shows the same code."
        parts.append(f"<p class='note'>{_rich(text)}</p>")
    return parts


def _question(question: QuestionResult, grade: FinalGrade) -> str:
    label = "Practice" if question.number is None else f"TODO {question.number}"
    parts = [
        f"<h2>{label}: <code>{_text(question.grade_id)}</code>"
        f"<span class='points'>{grade.points(question.grade_id):g} of {question.max_points:g}</span></h2>",
        f"<p>{_text(question.title)}</p>",
    ]
    if question.reason:
        parts.append(f"<p class='reason'>{_text(question.reason)}</p>")
    if given := grade.manual.questions.get(question.grade_id):
        why = f" <bdi>{_text(given.why)}</bdi>" if given.why else ""
        parts.append(
            f"<p class='reason'>Points given by hand: {given.points:g}; the hidden tests alone gave "
            f"{question.points:g}.{why}</p>"
        )
    if question.groups:
        parts.append(f"<ul>{''.join(map(_group, question.groups))}</ul>")
    mend = [line for line in question.checks if line.outcome != PASSED]
    if mend:
        good = len(question.checks) - len(mend)
        parts.append(f"<p>The checks of the notebook: {good} of {len(question.checks)} passed.</p>")
        parts.append(f"<ul>{''.join(_lines(question.checks))}</ul>")
    elif question.checks:
        parts.append("<p>The checks of the notebook all pass, so look at what the hidden tests above say.</p>")
    return "\n".join(parts)


def _group(group: GroupResult) -> str:
    word, mark, kind = ("passed", "✔", "passed") if group.passed else ("lost", "✘", "lost")
    advice = "" if group.passed else f"<p>{_rich(group.why)}</p>"
    points = f"{group.points:g}" if group.passed or not group.same_mistake else "0: the same mistake"
    return f"<li class='{kind}'><b>{mark} {word}</b> ({points}) {_text(group.title)}{advice}</li>"


def _lines(lines: list[CheckLine]) -> list[str]:
    seen: dict[str, str] = {}
    shown = []
    for line in lines:
        passed = line.outcome == PASSED
        cause = line.message.partition(". ")[0]
        first = seen.setdefault(cause, line.name) if cause else line.name
        message = line.message if first == line.name else f"The same cause as in '{first}'."
        detail = f"<p><bdi>{_rich(message)}</bdi></p>" if message else ""
        kind = "passed" if passed else "lost"
        shown.append(
            f"<li class='{kind}'><b>{'✔' if passed else '✘'} {_text(line.outcome)}</b> {_text(line.name)}{detail}</li>"
        )
    return shown


def _text(text: str) -> str:
    return html.escape(re.sub(r"[^\t\n\x20-\ud7ff\ue000-\U0010ffff]", "?", text))


def _rich(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", _text(text))
