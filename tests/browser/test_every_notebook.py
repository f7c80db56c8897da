"""Every notebook in JupyterLab: opened from the file browser, run, and looked at in both themes and two widths."""

import subprocess

import nbformat
import pytest

from posenet_lib.workbook.notebook_files import fill_answers, notebook_paths, read_notebook
from tests.browser.lab_page import LabPage
from tests.browser.lab_server import POSENET
from tests.support.places import ROOT, SOLUTIONS

NOTEBOOKS = [path.name for path in notebook_paths(ROOT / "notebooks")]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def owed(name: str) -> list[str]:
    """Cells of a notebook that need an answer."""
    cells = read_notebook(ROOT / "notebooks" / name).cells
    return [cell.id for cell in cells if cell.metadata.get("posenet", {}).get("needs")]


@pytest.mark.parametrize("name", [name for name in NOTEBOOKS if owed(name)])
def test_untouched_it_stops_at_the_first_cell_that_owes_an_answer(lab, clone, name):
    lab.open_from_browser(name)
    lab.run_all()
    assert list(lab.errors()) == owed(name)[:1]
    assert not list((clone / "answers").glob("*.py"))
    lab.cell(owed(name)[0])
    lab.shot(f"owed-{name}")


@pytest.fixture(scope="module")
def answered(clone):
    """The same clone with all answers in their cells, and recorded."""
    for path in notebook_paths(clone / "notebooks"):
        notebook = read_notebook(path)
        fill_answers(notebook, SOLUTIONS)
        nbformat.write(notebook, path)
    (clone / "answers").mkdir(exist_ok=True)
    for name, source in SOLUTIONS.items():
        (clone / "answers" / f"{name}.py").write_text(source)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_with_answers_it_runs_and_reads_well(answered, lab: LabPage, clone, name):
    if name[:2] in ("06", "07") and not list((clone / "runs").glob("*/best.safetensors")):
        command = [*POSENET, "train", "--batch-norm", "--max-minutes", "0.1", "--out", "runs/practice-court-001"]
        subprocess.run(command, cwd=clone, check=True)
    lab.open_from_browser(name)
    lab.run_all()
    assert lab.errors() == {}
    lab.hide_files()
    problems = set()
    for theme in ("light", "dark"):
        lab.page.set_viewport_size(WIDE)
        lab.theme(theme)
        for width, size in (("wide", WIDE), ("narrow", NARROW)):
            lab.page.set_viewport_size(size)
            problems |= look_through(lab, f"{name[:2]}-{theme}-{width}", pale=width == "wide")
    assert not problems


def look_through(lab: LabPage, label: str, *, pale: bool) -> set[str]:
    """Everything that is wrong on any screen of the notebook."""
    from tests.browser.inspection import look, pale_text

    problems = set()
    for screen in lab.screens():
        lab.shot(f"{label}-{screen:02d}")
        found = look(lab.page) + (pale_text(lab.page) if pale else [])
        problems |= {f"{label}: {problem}" for problem in found}
    return problems
