"""Messages for the feedback page: the notebook's own visible checks, run on an answer that has lost points.

They run in a kernel that never sees a hidden cell, so an answer can't smuggle one out through its error messages. Where
the kernel has to hold a reference answer (the student's own `head_loss` is wrong and `PoseLoss` uses it), only lines of
the question's own checks are shown, each once and in their order, with messages that are known texts of the checks.
"""

import ast
import functools
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from posenet_lib.grading.outside.hidden_cells.assemble import others_used
from posenet_lib.grading.outside.hidden_cells.question_data import QuestionData
from posenet_lib.grading.outside.kernels.kernel import RunEnded, SandboxKernel, running
from posenet_lib.grading.outside.kernels.limits import Limits
from posenet_lib.grading.outside.kernels.sandbox import Sandbox
from posenet_lib.grading.outside.results import CheckLine, QuestionResult
from posenet_lib.workbook import checks
from posenet_lib.workbook.feedback import NOT_ATTEMPTED, PASSED, RAISED, WRONG

_CHECK = """\
import json as _json
from posenet_lib.workbook import run_checks as _run_checks
print("\\n" + _json.dumps([[r.name, r.outcome, r.message, r.cause] for r in _run_checks({name}).results]))
"""
_MOST, _LONGEST = 40, 1500
_CELL = "your cell"
_WITHHELD = "The message is not shown, because an earlier answer that this one uses is not right yet: mend that first."


def teach(
    data: QuestionData,
    sources: Mapping[str, str],
    results: Mapping[str, QuestionResult],
    questions: Sequence[QuestionData],
    sandbox: Sandbox,
    limits: Limits,
) -> tuple[list[CheckLine], list[str]]:
    """The visible checks' results for one answer, with the messages that the student would see in the notebook.

    Also returns all messages as they are, those that are withheld too: nobody may see these.
    """
    used = others_used(data, sources[data.grade_id], questions)
    own = all(results[o.grade_id].points == o.points for o in used if o.grade_id in results)
    own = own and all(other.grade_id in sources for other in used)
    cells = [data.setup]
    cells += [sources[other.grade_id] if own else other.reference for other in used]
    cells += [sources[data.grade_id], _CHECK.format(name=data.grade_id)]
    try:
        with running(sandbox, limits) as kernel:
            lines = _run(kernel, cells)
    except RunEnded as ended:
        return [CheckLine(_CELL, RAISED, f"The run ended early: your code {ended}.")], []
    messages = [line.message for line in lines]
    return (lines if own or not used else known_lines(lines, data)), messages


def _run(kernel: SandboxKernel, cells: list[str]) -> list[CheckLine]:
    for number, cell in enumerate(cells, 1):
        kernel.execute_cell_input(cell)
        errors = kernel.errors()
        if errors and number >= len(cells) - 1:
            error = errors[0]
            text = f"{error['ename']}: {error['evalue']}"[:_LONGEST]
            advice = " Only the answer cell is taken from your notebook: define or import everything in it."
            return [CheckLine(_CELL, RAISED, text + (advice if error["ename"] == "NameError" else ""))]
    try:
        rows = json.loads(kernel.printed().strip().splitlines()[-1])
        lines = [CheckLine(*(str(part) for part in row[:3])) for row in rows[:_MOST]]
    except (ValueError, IndexError, TypeError, RecursionError):
        return []
    outcomes = (PASSED, WRONG, NOT_ATTEMPTED, RAISED)
    return [CheckLine(i.name[:100], i.outcome, i.message[:_LONGEST]) for i in lines if i.outcome in outcomes]


def known_lines(lines: Sequence[CheckLine], data: QuestionData) -> list[CheckLine]:
    """One line at most for each of the question's checks, in their own order, with a message that the checks know.

    The kernel may have written them while it held a reference: an answer that could choose how many lines there are,
    and in which order, could say a lot with known texts alone.
    """
    by_name: dict[str, CheckLine] = {}
    for line in lines:
        by_name.setdefault(line.name, line)
    names = (_CELL, *names_of_checks(data.question.checks))
    return [CheckLine(name, by_name[name].outcome, _known(by_name[name])) for name in names if name in by_name]


def _known(line: CheckLine) -> str:
    if line.outcome == PASSED:
        return ""
    known = [text for text in _texts_of_checks() if len(text) >= 20 and line.message.startswith(text)]
    return max(known, key=len, default=_WITHHELD)


@functools.cache
def names_of_checks(module: str) -> tuple[str, ...]:
    """Of each `SubCheck("name", ...)` in a module of checks. It is read, not imported: it would bring PyTorch along."""
    calls = [
        node
        for node in ast.walk(_tree(Path(checks.__file__).parent / f"{module}.py"))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "SubCheck"
    ]
    return tuple(ast.literal_eval(call.args[0]) for call in sorted(calls, key=lambda call: call.lineno))


@functools.cache
def _texts_of_checks() -> frozenset[str]:
    """Every string that stands in the checks' source."""
    texts = set()
    for file in Path(checks.__file__).parent.rglob("*.py"):
        for node in ast.walk(_tree(file)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.add(node.value.strip())
    return frozenset(texts)


def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))
