"""Finds the answers in a submission, whatever was done to it, and reads nothing else of it.

A cell is an answer by its cell id; else by its first line, `# TODO 2: head_loss`, which survives tools that give cells
new ids; else because it defines the name under `@answer`. Of several, the first counts.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

MAX_BYTES = 24 << 20  # a notebook with all its figures has about 1 MB
MAX_ANSWER = 200_000  # characters of one cell


class Unreadable(Exception):  # noqa: N818 - a fact about the file
    """A file holds no notebook that can be graded; the text says why, for the student and the instructor."""


@dataclass
class FoundAnswers:
    """Sources by grade_id, and remarks for the instructor."""

    sources: dict[str, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


def read_cells(data: bytes) -> list[dict[str, Any]]:
    """The code cells of a notebook file as they are; nothing is validated, upgraded or run.

    Raises:
        Unreadable: it is no notebook of format 4, with the reason.
    """
    if not data.strip():
        raise Unreadable("the file is empty")
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError, MemoryError):
        raise Unreadable("the file is not a notebook (no valid JSON)") from None
    if not isinstance(notebook, dict):
        raise Unreadable("the file is not a notebook (JSON, but no notebook)")
    version = notebook.get("nbformat")
    if version != 4:
        old = isinstance(version, int) and version < 4
        advice = "open it in JupyterLab and save it again" if old else "it should be 4"
        raise Unreadable(f"the notebook has format {str(version)[:20]}: {advice}")
    cells = notebook.get("cells")
    if not isinstance(cells, list):
        raise Unreadable("the notebook has no list of cells")
    return [cell for cell in cells if isinstance(cell, dict) and cell.get("cell_type") == "code"]


def source_of(cell: dict[str, Any]) -> str:
    """A cell's text with Unix line ends; text that can't be written down as UTF-8 is replaced."""
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    source = source if isinstance(source, str) else ""
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    return source.encode("utf-8", "replace").decode("utf-8").lstrip("\ufeff")


def find_answers(notebooks: list[tuple[str, list[dict[str, Any]]]], names: list[str]) -> FoundAnswers:
    """The answers in a student's notebooks: (file name, code cells), the most likely notebook first."""
    found = FoundAnswers()
    for name in names:
        rules = (_has_id, _has_todo_line, _defines)
        cells = [(file, cell) for file, cells in notebooks for cell in cells]
        for rule in rules:
            hits = [(file, source_of(cell)) for file, cell in cells if rule(cell, name)]
            if hits:
                break
        else:
            continue
        if len({source for _, source in hits}) > 1:
            found.remarks.append(f"{len(hits)} different cells for {name}; the first counts")
        source = hits[0][1]
        if len(source) > MAX_ANSWER:
            found.remarks.append(f"the cell of {name} has {len(source):,} characters; at most {MAX_ANSWER:,} are read")
            continue
        found.sources[name] = source
    return found


def _has_id(cell: dict[str, Any], name: str) -> bool:
    return cell.get("id") == name


def _has_todo_line(cell: dict[str, Any], name: str) -> bool:
    first = source_of(cell).lstrip().partition("\n")[0]
    return re.match(rf"#\s*TODO\s*\d*\s*:?\s*{re.escape(name)}\b", first) is not None


def _defines(cell: dict[str, Any], name: str) -> bool:
    between = r"(?:@[^\n]*\n|#[^\n]*\n|[ \t]*\n)*"  # other decorators, comments, empty lines
    definition = rf"^@(?:\w+\.)*answer\b[^\n]*\n{between}(?:async )?(?:def|class) {re.escape(name)}\b"
    return re.search(definition, source_of(cell), re.MULTILINE) is not None
