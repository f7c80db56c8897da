"""The instructors' edition: 'Questions to think about' with folded answers, which the students' bundle does not have.

The answers are in `tests/thinking/`, a file for each notebook: a numbered list, one line for each question.
"""

import re
from pathlib import Path

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.workspace import repository_root

HEADING = "## Questions to think about\n"
_ITEM = re.compile(r"^(\d+)\. (.+)$", re.MULTILINE)
_FOLDED = "{question}\n\n   <details>\n   <summary>Answer</summary>\n\n   {answer}\n   </details>\n"


def thinking_dir() -> Path:
    """An instructor's clone alone has it."""
    return repository_root() / "tests" / "thinking"


def read_answers(path: Path) -> list[str]:
    """The answers of one notebook, in the order of its questions.

    Raises:
        WorkbookError: a line is no item of a list that counts 1, 2, 3.
    """
    answers = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        item = _ITEM.fullmatch(line)
        if item is None or int(item[1]) != number:
            raise WorkbookError(f"{path}, line {number}: {line[:40]!r}; write '{number}. ' and the answer, in one line")
        answers.append(item[2])
    return answers


def with_answers(notebook: dict, path: Path) -> dict:
    """A notebook with each answer folded under its question.

    Args:
        path: the file of its answers.

    Raises:
        WorkbookError: there are more or fewer answers than questions.
    """
    answers = read_answers(path)
    return {**notebook, "cells": [_answered(cell, answers, path) for cell in notebook["cells"]]}


def _answered(cell: dict, answers: list[str], path: Path) -> dict:
    source = "".join(cell["source"])
    if cell["cell_type"] != "markdown" or not source.startswith(HEADING):
        return cell
    before, questions, after = _parts(source)
    if len(questions) != len(answers):
        raise WorkbookError(f"{path}: {len(answers)} answers for {len(questions)} questions of {path.stem}.ipynb")
    folded = [
        _FOLDED.format(question=question, answer=answer) for question, answer in zip(questions, answers, strict=True)
    ]
    return {**cell, "source": before + "\n".join(folded) + after}


def _parts(source: str) -> tuple[str, list[str], str]:
    """What stands before the questions, the questions with their numbers, and what comes after."""
    rest = source[len(HEADING) :]
    after = re.search(r"\n\n(?!\d+\. )\S", rest.lstrip("\n"))
    start = len(source) - len(rest.lstrip("\n"))
    end = start + after.start() if after else len(source)
    return source[:start], [item[0] for item in _ITEM.finditer(source[start:end])], source[end:]
