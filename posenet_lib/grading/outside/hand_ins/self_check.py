"""`posenet grade --self NOTEBOOK`: a student's own notebook against its visible checks. No hidden cell, no sandbox.

Works wherever the notebooks work (Windows and macOS too): an ordinary Jupyter kernel runs the set-up cell, the answer
cells as they are in the file, and the checks.
"""

import subprocess
import sys
from pathlib import Path

from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from posenet_lib.core.errors import WorkbookError
from posenet_lib.grading.outside.hand_ins.answer_cells import Unreadable, find_answers, read_cells, source_of
from posenet_lib.grading.outside.hand_ins.plain_text import plain
from posenet_lib.workbook.questions import BY_ID, Question

# As a display with a type of its own: what the answer prints, logs or does to `sys.stdout` can't get into it.
_TYPE = "application/vnd.posenet.check+json"
_CHECK = """\
from IPython.display import display as _display
from posenet_lib.workbook import run_checks as _run_checks
_report = _run_checks({name})
_display({{"{type}": {{"passed": _report.passed, "text": _report.text}}}}, raw=True)
"""


def check_notebook(path: Path, seconds: int = 120) -> bool:
    """Print what the checks say about each answer in the notebook; True if all pass.

    Raises:
        WorkbookError: the file is no notebook, or holds no answer cell.
    """
    try:
        cells = read_cells(path.read_bytes())
    except (OSError, Unreadable) as error:
        raise WorkbookError(f"{path}: {error}") from None
    found = find_answers([(path.name, cells)], list(BY_ID))
    asked = [question for question in BY_ID.values() if question.grade_id in found.sources]
    if not asked:
        names = ", ".join(sorted({f"notebooks/{question.notebook}" for question in BY_ID.values()}))
        raise WorkbookError(f"{path} has no answer cell. Notebooks with a TODO: {names}")
    for remark in found.remarks:
        _print(f"Note: {remark}.")
    setup = next((source_of(cell) for cell in cells if "google.colab" not in source_of(cell)), "")
    notebook = new_notebook(cells=[new_code_cell(setup)])
    for question in asked:
        notebook.cells.append(new_code_cell(found.sources[question.grade_id], id=question.grade_id))
        notebook.cells.append(
            new_code_cell(_CHECK.format(name=question.grade_id, type=_TYPE), id=f"check_{question.grade_id}")
        )
    _execute(notebook, path, seconds)
    outcomes = [_show(question, notebook) for question in asked]
    print("\nThese are the checks of the notebook. Grading uses other photos and other poses.")
    return all(outcomes)


def _execute(notebook: NotebookNode, path: Path, seconds: int) -> None:
    client = NotebookClient(
        notebook, timeout=seconds, kernel_name="python3", allow_errors=True, interrupt_on_timeout=True,
        resources={"metadata": {"path": str(path.resolve().parent)}},
    )  # fmt: skip
    try:
        client.execute(stderr=subprocess.DEVNULL)
    except DeadKernelError:
        raise WorkbookError(f"{path}: the kernel died, most often for lack of memory") from None
    except Exception as error:  # of Jupyter's machinery; a student can't mend anything there
        raise WorkbookError(f"{path} could not be run ({type(error).__name__}: {str(error)[:300]})") from None


def _show(question: Question, notebook: NotebookNode) -> bool:
    passed, text = False, f"{question.grade_id}: the check did not run."
    for cell in notebook.cells:
        if cell.id not in (question.grade_id, f"check_{question.grade_id}"):
            continue
        for output in cell.outputs:
            if output.output_type == "error" and not passed:
                text = f"{question.grade_id}: your cell raised {output.ename}: {output.evalue[:500]}"
            elif output.output_type == "display_data" and _TYPE in output.data and cell.id.startswith("check_"):
                passed, text = bool(output.data[_TYPE]["passed"]), str(output.data[_TYPE]["text"])
    _print(text)
    return passed


def _print(text: str) -> None:
    """To any terminal, also one that knows no Korean."""
    encoding = sys.stdout.encoding or "utf-8"
    print(plain(text).encode(encoding, "backslashreplace").decode(encoding))
