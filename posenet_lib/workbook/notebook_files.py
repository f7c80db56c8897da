"""Notebook files: read them, and put answers into their answer cells."""

from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from posenet_lib.core.errors import WorkbookError


def notebook_paths(folder: Path) -> list[Path]:
    """The workbook's notebooks in their order: two digits begin their names.

    Raises:
        WorkbookError: there are none.
    """
    paths = sorted(folder.glob("[0-9][0-9]_*.ipynb"))
    if not paths:
        raise WorkbookError(f"{folder} holds no notebooks (00_start_here.ipynb and so on)")
    return paths


def read_notebook(path: Path) -> NotebookNode:
    """Read a notebook.

    Raises:
        WorkbookError: the file is no notebook.
    """
    try:
        return nbformat.read(path, as_version=4)
    except (OSError, ValueError, AttributeError) as error:
        raise WorkbookError(f"{path}: cannot be read as a notebook ({error})") from error


def answer_cells(notebook: NotebookNode) -> dict[str, NotebookNode]:
    """The cells that a student fills in, by their grade_id."""
    return {
        cell.metadata.nbgrader.grade_id: cell
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution")
    }


def fill_answers(notebook: NotebookNode, sources: Mapping[str, str]) -> None:
    """Put the source of each answer into its cell; answers of other notebooks are left alone."""
    for grade_id, cell in answer_cells(notebook).items():
        if grade_id in sources:
            cell.source = sources[grade_id].rstrip("\n")
