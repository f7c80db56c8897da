"""One mistake costs its own points once: does an answer make exactly one of the known mistakes?

It does if it prints in every hidden cell, also in those that it has passed, the very numbers that the known mistake
prints there. The known mistake runs for that, on the same inputs in a kernel of its own, and the comparison is made
outside. What the visible checks say chooses only which ones are tried. So an answer with two mistakes matches none
and loses the points of both, and there is nothing to gain from a made-up message.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from posenet_lib.grading.outside.hidden_cells.assemble import ExpectedOutput, assemble
from posenet_lib.grading.outside.hidden_cells.known_mistakes import KnownMistake
from posenet_lib.grading.outside.hidden_cells.question_data import QuestionData
from posenet_lib.grading.outside.kernels.kernel import RunEnded, running
from posenet_lib.grading.outside.kernels.limits import REFERENCE_LIMITS
from posenet_lib.grading.outside.kernels.nbval_run import NotebookRun
from posenet_lib.grading.outside.kernels.sandbox import Sandbox
from posenet_lib.grading.outside.results import QuestionResult

_MOST_TRIED = 12
_ROUNDING = (0.1, 2e-5)  # of a step, and of the number: what float32 leaves open


def count_once(row: QuestionResult, mistake: KnownMistake) -> None:
    """Note in `row` which lost hidden cells fail for `mistake` and have no points of their own to lose."""
    titles = [group.title for group in row.groups if group.name in mistake.costs]
    for group in row.groups:
        if not group.passed and group.name not in mistake.costs:
            group.same_mistake = " and ".join(f"'{title}'" for title in titles)


def likely(data: QuestionData, messages: Sequence[str]) -> list[KnownMistake]:
    """Known mistakes whose message is among those of the visible checks."""
    return [known for known in data.mistakes if any(known.message in text for text in messages)][:_MOST_TRIED]


def the_same(
    mistakes: Iterable[KnownMistake],
    data: QuestionData,
    run: NotebookRun,
    expected: Mapping[str, ExpectedOutput],
    questions: Sequence[QuestionData],
    seed: int,
    sandbox: Sandbox,
) -> KnownMistake | None:
    """The first of `mistakes` that prints in every hidden cell what this answer has printed, or None.

    Args:
        mistakes: to try.
        data: the question.
        run: of the answer.
        expected: by hidden cell: which numbers the answer was told to print.
        questions: all, for the references that a mistake uses.
        seed: of the hidden inputs.
        sandbox: where the mistakes run.
    """
    cells = [group.name for group in data.groups]
    if any(f"probe_{name}" in run.raised for name in cells):
        return None  # what an error has cut off may hide a second mistake
    for mistake in mistakes:
        recorded = _record(mistake, data, questions, seed, sandbox)
        if recorded and all(
            _prints(run.probed.get(f"probe_{name}", ""), recorded[name], expected[name]) for name in cells
        ):
            return mistake
    return None


def _record(
    mistake: KnownMistake, data: QuestionData, questions: Sequence[QuestionData], seed: int, sandbox: Sandbox
) -> dict[str, list[dict[str, Any]]] | None:
    """All numbers of a known mistake, by hidden cell; None if it raises an error, which no mistake with costs does."""
    notebook, recorded = assemble(data, mistake.source, questions, None, seed), {}
    try:
        with running(sandbox, REFERENCE_LIMITS) as kernel:
            for cell in notebook.cells:
                kernel.execute_cell_input(cell.source)
                if kernel.errors():
                    return None
                if cell.id.startswith("probe_"):
                    recorded[cell.id.removeprefix("probe_")] = json.loads(kernel.probed())
    except RunEnded:
        return None
    return recorded


def _prints(printed: str, recorded: Sequence[Mapping[str, Any]], expected: ExpectedOutput) -> bool:
    """Whether these lines are what a hidden cell prints for the recorded numbers, but for rounding."""
    lines, chosen = printed.split("\n"), iter(expected.chosen)
    if len(lines) != len(recorded):
        return False
    return all(
        line == record["said"] if "said" in record else _shows(line, record, next(chosen))
        for line, record in zip(lines, recorded, strict=True)
    )


def _shows(line: str, record: Mapping[str, Any], indices: Sequence[int]) -> bool:
    """Of one line `0: (3, 4) 17 none 5`."""
    shape, _, numbers = line.partition(": ")[2].partition(")")
    if f"{shape})" != str(tuple(record["shape"])):
        return False
    recorded = record["steps"]
    steps = np.array([recorded[index] if index < len(recorded) else np.nan for index in indices])
    finite = np.isfinite(steps)
    words = numbers.split()
    if len(words) != len(steps) or any((word == "none") == ok for word, ok in zip(words, finite, strict=True)):
        return False
    whole = np.array([float(word) for word, ok in zip(words, finite, strict=True) if ok])
    near, relative = _ROUNDING
    return bool(np.all(np.abs(whole - steps[finite]) <= 0.5 + near + relative * np.abs(steps[finite])))
