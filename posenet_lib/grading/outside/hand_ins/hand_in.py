"""`posenet submit`: check the notebooks, say what will be graded, and write one zip with its receipt.

No sandbox and no hidden cell: this runs on the student's own machine.
"""

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.files import replacing
from posenet_lib.grading.outside.hand_ins.answer_cells import MAX_BYTES, Unreadable, find_answers, is_stub, read_cells
from posenet_lib.grading.outside.hand_ins.magics import NOT_PYTHON, parse_cell
from posenet_lib.grading.outside.hand_ins.plain_text import plain_line
from posenet_lib.grading.outside.hand_ins.receipt import receipt_code
from posenet_lib.grading.outside.hand_ins.self_check import check_notebook
from posenet_lib.workbook.questions import PRACTICE, QUESTIONS, Question

FOUND, STUB, NO_CELL = "your answer", "not attempted: the cell is as it was handed out", "NO ANSWER CELL"


def hand_in(folder: Path, out: Path, *, run_checks: bool) -> str:
    """Write the zip of all notebooks with something that counts; returns what to tell the student.

    Args:
        folder: with the notebooks.
        out: the zip to write.
        run_checks: run the visible checks first. The zip is written whatever they say.

    Raises:
        WorkbookError: no notebook with a TODO is there, or one of them can't be read.
    """
    graded = (*QUESTIONS, *(asked for asked in PRACTICE if _counts(asked, folder)))
    notebooks = _notebooks(folder, graded)
    lines = ["What will be graded:", *(_line(asked, notebooks.get(asked.notebook)) for asked in graded)]
    passed = True
    if run_checks:
        for name in notebooks:
            print(f"\n{name}")
            passed &= check_notebook(folder / name)
    code = receipt_code(notebooks.values())
    with replacing(out) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in notebooks.items():
            archive.writestr(zipfile.ZipInfo(name, date_time=(2024, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
        archive.writestr(zipfile.ZipInfo("receipt.txt", date_time=(2024, 1, 1, 0, 0, 0)), f"{code}\n")
    if not passed:
        lines.append("Not all checks pass yet; you can mend that and submit again.")
    lines += [f"Written: {out} ({out.stat().st_size / 1e6:.1f} MB). Hand in this file.", f"Receipt: {code}"]
    lines.append("Keep the receipt. Your feedback shows the same code if exactly these notebooks were graded.")
    return "\n".join(lines)


def _counts(asked: Question, folder: Path) -> bool:
    """Whether the instructor has given practice points: the notebook's check cell then carries them."""
    try:
        cells = json.loads((folder / asked.notebook).read_text(encoding="utf-8"))["cells"]
        found = [cell["metadata"]["nbgrader"] for cell in cells if "nbgrader" in cell["metadata"]]
        return any(one.get("points", 0) > 0 for one in found if one["grade_id"] == f"check_{asked.grade_id}")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False  # no such notebook, or none: nothing in it can be handed in


def _notebooks(folder: Path, graded: Sequence[Question]) -> dict[str, bytes]:
    names = list(dict.fromkeys(question.notebook for question in graded))
    present = [name for name in names if (folder / name).is_file()]
    if not present:
        raise WorkbookError(f"{folder} holds none of {', '.join(names)}; say where they are: posenet submit FOLDER")
    notebooks = {}
    for name in present:
        size = (folder / name).stat().st_size
        if size > MAX_BYTES:
            raise WorkbookError(
                f"{name} has {size / 1e6:.0f} MB, at most {MAX_BYTES >> 20}: clear its outputs, save it"
            )
        notebooks[name] = (folder / name).read_bytes()
    return notebooks


def _line(question: Question, data: bytes | None) -> str:
    state = "THE NOTEBOOK IS MISSING" if data is None else _state(question, data)
    return f"  {question.label} {question.grade_id} in {question.notebook}: {state}"


def _state(question: Question, data: bytes) -> str:
    try:
        found = find_answers([(question.notebook, read_cells(data))], [question.grade_id])
    except Unreadable as reason:
        raise WorkbookError(f"{question.notebook}: {reason}. Save it in JupyterLab and submit again.") from None
    source = found.sources.get(question.grade_id)
    if source is None:
        return NO_CELL
    remarks = "".join(f"; {plain_line(remark)}" for remark in found.remarks)
    if is_stub(source, question.grade_id):
        return STUB + remarks
    try:
        parse_cell(source)
    except NOT_PYTHON:
        return f"your answer, which is not valid Python{remarks}"
    return f"{FOUND}, {len(source.splitlines())} lines{remarks}"
