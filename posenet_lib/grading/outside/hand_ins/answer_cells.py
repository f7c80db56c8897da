"""Finds the answers in a submission, whatever was done to it, and reads nothing else of it.

A cell may hold an answer because of its cell id; because of its first line, `# TODO 2: head_loss` (of practice:
`# Practice: PoseHead`), which survives tools that give cells new ids; or because it defines the name under `@answer`.
Of these the last one that is complete counts, as in a notebook that runs from top to bottom: students copy a cell,
split it, or write below the untouched stub.
"""

import ast
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from posenet_lib.grading.outside.hand_ins.magics import NOT_PYTHON, parse_cell
from posenet_lib.workbook import cell_source

MAX_BYTES = 24 << 20  # a notebook with all its figures has about 1 MB
MAX_ANSWER = 200_000  # characters of one cell
_MAX_CELLS = 5000  # code cells of one notebook
_MAX_CODE = 4 << 20  # characters of all code cells of one notebook
_MAX_PARSED = 40  # cells that are looked at closely, for each answer


class Unreadable(Exception):  # noqa: N818 - a fact about the file
    """A file holds no notebook that can be graded; the text says why, for the student and the instructor."""


@dataclass
class FoundAnswers:
    """Sources by grade_id, and remarks for the student and the instructor."""

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
    code = (cell for cell in cells if isinstance(cell, dict) and cell.get("cell_type") == "code")
    # Outputs, which are most of a large notebook, are let go here.
    found = [{name: cell.get(name) for name in ("cell_type", "id", "source")} for cell in code]
    if len(found) > _MAX_CELLS or sum(len(source_of(cell)) for cell in found) > _MAX_CODE:
        raise Unreadable(
            f"its code cells are too many or too long (at most {_MAX_CELLS}, together {_MAX_CODE >> 20} MB)"
        )
    return found


def source_of(cell: dict[str, Any]) -> str:
    """A cell's text with Unix line ends; text that can't be written down as UTF-8 is replaced."""
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    source = source if isinstance(source, str) else ""
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    return source.encode("utf-8", "replace").decode("utf-8").lstrip("\ufeff")


class _Cell(NamedTuple):
    """A cell that may hold the answer."""

    file: str
    place: int  # among the code cells of its file, from 1
    source: str
    has_id: bool
    has_line: bool
    defines: bool  # under `@answer`


def find_answers(notebooks: Sequence[tuple[str, list[dict[str, Any]]]], names: Sequence[str]) -> FoundAnswers:
    """The answers in a student's notebooks: (file name, code cells), the most likely notebook first."""
    found = FoundAnswers()
    texts = [(file, [(cell.get("id"), source_of(cell)) for cell in cells]) for file, cells in notebooks]
    for name in names:
        by_file = [_candidates(file, cells, name) for file, cells in texts]
        cells = [cell for candidates in by_file for cell in candidates]
        if not cells:
            continue
        chosen = next(filter(None, (_last_complete(candidates, name) for candidates in by_file)), None)
        first = next(cell for rule in ("has_id", "has_line", "defines") for cell in cells if getattr(cell, rule))
        chosen = chosen or first
        if len({cell.source for cell in cells}) > 1:
            which = (
                "the first" if chosen == first else f"the last complete one, code cell {chosen.place} of {chosen.file},"
            )
            found.remarks.append(f"{len(cells)} different cells for {name}; {which} counts")
        if len(chosen.source) > MAX_ANSWER:
            size = f"{len(chosen.source):,} characters; at most {MAX_ANSWER:,} are read"
            found.remarks.append(f"the cell of {name} has {size}")
            continue
        found.sources[name] = chosen.source
    return found


def _candidates(file: str, cells: Sequence[tuple[Any, str]], name: str) -> list[_Cell]:
    todo = re.compile(rf"#\s*(?:TODO|Practice)\s*\d*\s*:?\s*{re.escape(name)}\b")
    definition = re.compile(rf"(?:async )?(?:def|class) {re.escape(name)}\b")
    found = []
    for place, (cell_id, source) in enumerate(cells, 1):
        first_line = source.lstrip().partition("\n")[0][:500]
        cell = _Cell(
            file, place, source, cell_id == name, todo.match(first_line) is not None, _defines(source, definition)
        )
        if cell.has_id or cell.has_line or cell.defines:
            found.append(cell)
    return found


def _defines(source: str, definition: re.Pattern) -> bool:
    """Whether `@answer` stands above the definition; between them other decorators, comments and empty lines."""
    if "@" not in source:
        return False
    decorated = False
    for line in source.split("\n"):
        if re.match(r"@(?:\w{1,80}\.){0,8}answer\b", line[:800]):
            decorated = True
        elif decorated and definition.match(line[:800]):
            return True
        elif line.strip() and line[0] not in "@#":
            decorated = False
    return False


def _last_complete(cells: Sequence[_Cell], name: str) -> _Cell | None:
    """The last complete answer of one notebook; with `@answer` if one has it, because only that one is recorded."""
    marked = [cell for cell in cells if cell.has_id] or [cell for cell in cells if cell.has_line]
    # An id that several cells have: a tool or a trick has made them. Only the first complete one keeps it.
    home = next((cell for cell in marked if is_complete(cell.source, name)), marked[0] if marked else None)
    complete = [
        cell
        for cell in cells[-_MAX_PARSED:]
        if (cell is home or not cell.has_id)
        and is_complete(cell.source, name)
        and _may_stand_for(cell, home, cells, name)
    ]
    return next((cell for cell in reversed(complete) if cell.defines), complete[-1] if complete else None)


def _may_stand_for(cell: _Cell, home: _Cell | None, cells: Sequence[_Cell], name: str) -> bool:
    """Whether a cell without the id may be the answer.

    Where the cell with the id or the TODO line holds something else than the stub, it is the student's last word,
    except for what stands below it, or directly above a cell with the id: a cell that was split.
    """
    if home is None or cell is home or is_complete(home.source, name) or is_stub(home.source, name):
        return True
    return cell.place > home.place or (home.has_id and cell.place == home.place - 1)


def is_complete(source: str, name: str) -> bool:
    """Whether a cell defines the answer, and not only as a stub."""
    return _definition(source, name) is not None and not is_stub(source, name)


def is_stub(source: str, name: str) -> bool:
    """Whether a cell holds no more than the stub of the hand-out."""
    definition = _definition(source, name)
    return definition is not None and cell_source.is_stub(definition)


def _definition(source: str, name: str) -> ast.AST | None:
    if len(source) > MAX_ANSWER or name not in source:
        return None
    try:
        body = parse_cell(source).body
    except NOT_PYTHON:
        return None
    found = [statement for statement in body if name in _bound(statement)]
    return found[-1] if found else None


def _bound(statement: ast.stmt) -> set[str]:
    """Names that a top-level statement binds, also inside of `if`, `try` and `with`."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {alias.asname or alias.name for alias in statement.names}
    names = set()
    for part in ast.walk(statement):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            names.add(part.id)
        elif isinstance(part, ast.FunctionDef | ast.ClassDef):
            names.add(part.name)
    return names
