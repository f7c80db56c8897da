"""`@answer`: records what a TODO cell defines in `answers/<name>.py`, for later notebooks and the `posenet` command."""

import ast
import sys

from posenet_lib.core import workspace
from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.files import write_text
from posenet_lib.workbook import cell_source
from posenet_lib.workbook.answers import is_loading, move_advice
from posenet_lib.workbook.feedback import say
from posenet_lib.workbook.questions import BY_ID, question, usable_in, valid_names


def answer(definition: object) -> object:
    """Decorator of a TODO's function or class: records the cell that defines it, and returns it unchanged.

    An untouched stub is not recorded. Trouble with saving is printed and never stops the cell.

    Raises:
        WorkbookError: the function or class does not have the name of a TODO.
    """
    if is_loading():
        return definition
    name = getattr(definition, "__name__", type(definition).__name__)
    if name not in BY_ID:
        raise WorkbookError(f"`@answer` stands before `{name}`. Keep the name that the TODO gives: {valid_names()}.")
    frame = sys._getframe(1)
    try:
        _record(name, cell_source.cell_source(definition, frame), frame.f_globals)
    except (OSError, SyntaxError, IndexError, WorkbookError) as error:
        say(
            f"{name} works in this notebook, and check({name}) too, but it could not be recorded, so later notebooks "
            f"will not find it ({error}). To save answers in another folder, set the environment variable "
            "POSENET_WORKSPACE to a folder that you can write to, and restart the notebook."
        )
    return definition


def _record(name: str, cell: str, namespace: dict) -> None:
    file = workspace.answers_dir() / f"{name}.py"
    source = cell_source.needed_source(cell, name)
    if cell_source.is_stub(cell_source.definition_of(source, name)):
        earlier = " The answer that you recorded earlier is kept." if file.exists() else ""
        say(f"{name}: not attempted yet, so nothing is recorded.{earlier}")
        return
    imports, elsewhere = _origins(source, namespace, usable_in(question(name)))
    write_text(file, _with_imports(source, imports))
    say(f"{name}: recorded in {file.parent.name}/{file.name}.")
    if elsewhere:
        say(f"Warning: {move_advice(elsewhere, question(name))} Until then, later notebooks cannot load it.")


def _origins(source: str, namespace: dict, usable: set[str]) -> tuple[list[str], set[str]]:
    """For the names that the cell takes from the notebook: import lines, and names that no import can bring."""
    imports, elsewhere = [], set()
    for name in sorted(cell_source.unbound_names(source) - usable):
        if name not in namespace:
            continue  # a misspelt name: running the answer shows that better than a guess here
        line = cell_source.import_line(name, namespace[name])
        if line:
            imports.append(line)
        elif not cell_source.has_star_import(source):
            elsewhere.add(name)
    return imports, elsewhere


def _with_imports(source: str, imports: list[str]) -> str:
    lines = source.splitlines()
    future = [s.end_lineno for s in ast.parse(source).body if getattr(s, "module", None) == "__future__"]
    first = max(future, default=0)  # a __future__ import has to stay first
    return "\n".join([*lines[:first], *imports, *lines[first:]]) + "\n"
