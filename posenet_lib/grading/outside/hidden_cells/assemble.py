"""The notebook that is run: pristine cells, the reference for other questions, the student's one cell, hidden cells.

From a submission nothing comes but the source of the answer cell, and it comes as the source of a cell whose id, tags
and metadata are ours. Everything else a student may have edited, deleted or added is not here.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

from posenet_lib.grading.outside.hidden_cells.question_data import ProbeGroup, QuestionData

_HIDDEN_CELL = """\
from posenet_lib.grading.inside import probe_kit as _kit
_kit.run_probe({code!r}, {answer}, {chosen!r}, {seed})"""


@dataclass(frozen=True)
class ExpectedOutput:
    """Of one hidden cell, see `expected_outputs`."""

    chosen: list[list[int]]  # for each result that the cell shows: the indices of the numbers to print
    text: str  # what the reference prints then
    kinds: list[str] = field(default_factory=list)  # of input, line by line


def assemble(
    data: QuestionData,
    answer: str,
    questions: Sequence[QuestionData],
    expected: Mapping[str, ExpectedOutput] | None,
    seed: int = 0,
) -> NotebookNode:
    """A notebook whose code cells nbval runs in order; cells that it compares carry the expected output.

    Args:
        data: the question.
        answer: the answer cell's source, the only thing from the submission.
        questions: all questions; the reference stands in for those that the answer uses.
        expected: by hidden cell; without it the hidden cells print all of their numbers, for `expected_outputs`.
        seed: of this run of grading; the hidden cells draw their inputs from it.
    """
    cells = [_cell("setup", data.setup)]
    for other in others_used(data, answer, questions):
        cells.append(_cell(f"reference_{other.grade_id}", other.reference))
    cells.append(_cell(data.grade_id, answer))
    for group in data.groups:
        cells.append(_hidden_cell(data, group, expected[group.name] if expected else None, seed))
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = new_notebook(cells=cells, metadata=metadata)
    nbformat.validate(notebook)
    return notebook


def others_used(data: QuestionData, answer: str, questions: Sequence[QuestionData]) -> list[QuestionData]:
    """Earlier questions whose name stands in the answer, and those that their references use in turn.

    For practice, all others are earlier: it can be done in any order.
    """
    place = questions.index(data)
    earlier = [other for other in questions if other != data] if data.question.is_practice else questions[:place]
    wanted, text = [], answer
    for other in reversed(earlier):
        if re.search(rf"\b{re.escape(other.grade_id)}\b", text):
            wanted.insert(0, other)
            text += other.reference
    return wanted


def _hidden_cell(data: QuestionData, group: ProbeGroup, expected: ExpectedOutput | None, seed: int) -> NotebookNode:
    """The expected output is in the notebook file alone, which stays outside the sandbox."""
    chosen = expected.chosen if expected else None
    # From one cell's seed, which its kernel sees, nobody can work out another cell's.
    own = int.from_bytes(hashlib.sha256(f"{seed} {data.grade_id} {group.name}".encode()).digest()[:4])
    source = _HIDDEN_CELL.format(code=group.code, answer=data.grade_id, chosen=chosen, seed=own)
    cell = _cell(f"probe_{group.name}", source)
    if expected:
        # nbval compares a cell only if it has been run: the reference ran it.
        cell.execution_count = 1
        cell.outputs = [new_output("stream", name="stdout", text=expected.text)]
    return cell


def _cell(name: str, source: str) -> NotebookNode:
    return new_code_cell(source, id=re.sub(r"[^\w-]", "_", name))
