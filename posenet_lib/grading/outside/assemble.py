"""The notebook that is run: pristine cells, the reference for other questions, the student's one cell, hidden cells.

From a submission nothing comes but the source of the answer cell, and it comes as the source of a cell whose id, tags
and metadata are ours. Everything else a student may have edited, deleted or added is not here.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

from posenet_lib.grading.outside.question_data import QuestionData

Baked = Mapping[str, Any]  # of one group: {"chosen": ..., "expected": ...}


def assemble(
    data: QuestionData, answer: str, questions: Sequence[QuestionData], baked: Mapping[str, Baked] | None
) -> NotebookNode:
    """A notebook whose code cells nbval runs in order; cells that it compares carry the expected output.

    Args:
        data: the question.
        answer: the answer cell's source, the only thing from the submission.
        questions: all questions; the reference stands in for those that the answer uses.
        baked: of each hidden cell; None to run them in recording mode, see `bake`.
    """
    cells = [_cell("setup", data.setup)]
    for other in others_used(data, answer, questions):
        cells.append(_cell(f"reference_{other.grade_id}", other.reference))
    cells.append(_cell(data.grade_id, answer))
    for group in data.groups:
        cells.append(probe_cell(data, group.name, group.code, baked and baked[group.name]))
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = new_notebook(cells=cells, metadata=metadata)
    nbformat.validate(notebook)
    return notebook


def others_used(data: QuestionData, answer: str, questions: Sequence[QuestionData]) -> list[QuestionData]:
    """Earlier questions whose name stands in the answer, and those that their references use in turn."""
    earlier = questions[: questions.index(data)]
    wanted, text = [], answer
    for other in reversed(earlier):
        if re.search(rf"\b{re.escape(other.grade_id)}\b", text):
            wanted.insert(0, other)
            text += other.reference
    return wanted


def probe_cell(data: QuestionData, name: str, code: str, baked: Baked | None) -> NotebookNode:
    """One hidden cell. The expected output is in the notebook file alone, which stays outside the sandbox."""
    chosen = baked["chosen"] if baked else None
    source = f"from posenet_lib.grading import probe_kit as _kit\n_kit.run({code!r}, {data.grade_id}, {chosen!r})"
    cell = _cell(f"probe_{name}", source)
    if baked:
        # nbval compares a cell only if it has been run: the reference ran it.
        cell.execution_count = 1
        cell.outputs = [new_output("stream", name="stdout", text=baked["expected"])]
    return cell


def _cell(name: str, source: str) -> NotebookNode:
    return new_code_cell(source, id=re.sub(r"[^\w-]", "_", name))
