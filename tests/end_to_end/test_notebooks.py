"""The notebooks under `pytest --nbval`, as instructors run them: with the reference answers, and untouched."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from posenet_lib.workbook.notebook_files import fill_answers, notebook_paths, read_notebook
from posenet_lib.workbook.questions import BY_ID
from tests.support.places import ROOT, SOLUTIONS

PLUGIN = """
import json, os
results = {}
def pytest_runtest_logreport(report):
    if report.when == "call" or report.outcome == "failed":
        results[report.nodeid] = report.outcome
def pytest_sessionfinish():
    with open(os.environ["NBVAL_RESULTS"], "w") as file:
        json.dump(results, file)
"""


def run_nbval(folder: Path, workspace: Path) -> dict[str, list[str]]:
    """Outcomes of every code cell, notebook by notebook, from one `pytest --nbval` over all of them in order."""
    (folder / "nbval_results.py").write_text(PLUGIN)
    environment = {
        **os.environ,
        "POSENET_WORKSPACE": str(workspace),
        "POSENET_TRAIN_MINUTES": "0.15",
        "NBVAL_RESULTS": str(folder / "results.json"),
        "PYTHONPATH": str(folder),
    }
    paths = [str(path) for path in notebook_paths(folder)]
    command = [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "nbval_results", "-p", "no:cacheprovider", *paths]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=1200)
    assert done.returncode in (0, 1), done.stdout[-3000:] + done.stderr[-3000:]
    outcomes: dict[str, list[str]] = {}
    for node, outcome in json.loads((folder / "results.json").read_text()).items():
        outcomes.setdefault(node.split("::")[0], []).append(outcome)
    return {Path(name).name: found for name, found in outcomes.items()}


WITHOUT_LABELS = ("09", "10", "11")  # they render a walk and train two networks: a minute more


def copies(
    folder: Path, *, filled: bool, only: tuple[str, ...] = (), but: tuple[str, ...] = ()
) -> dict[str, nbformat.NotebookNode]:
    """The notebooks in a folder of their own, with or without answers; `only` some, or all `but` some."""
    folder.mkdir()
    notebooks = {}
    for path in notebook_paths(ROOT / "notebooks"):
        if (only and path.name[:2] not in only) or path.name[:2] in but:
            continue
        notebooks[path.name] = notebook = read_notebook(path)
        if filled:
            fill_answers(notebook, SOLUTIONS)
        nbformat.write(notebook, folder / path.name)
    return notebooks


def code_cells(notebook) -> list:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "notebooks"


def failed_cells(notebooks: dict[str, nbformat.NotebookNode], outcomes: dict[str, list[str]]) -> dict[str, list[str]]:
    """Cells that did not pass; notebooks without one are left out."""
    pairs = {name: zip(code_cells(notebook), outcomes[name], strict=True) for name, notebook in notebooks.items()}
    failed = {name: [cell.id for cell, outcome in both if outcome != "passed"] for name, both in pairs.items()}
    return {name: ids for name, ids in failed.items() if ids}


def recorded(workspace: Path) -> set[str]:
    """Names of the answers that a run left."""
    return {path.stem for path in (workspace / "answers").glob("*.py")}


@pytest.mark.slow  # minutes, for twelve notebooks
def test_with_the_reference_answers_every_cell_passes(folder, tmp_path):
    notebooks = copies(folder, filled=True, but=WITHOUT_LABELS)
    outcomes = run_nbval(folder, tmp_path / "workspace")
    assert failed_cells(notebooks, outcomes) == {}
    elsewhere = {question.grade_id for question in BY_ID.values() if question.notebook[:2] in WITHOUT_LABELS}
    assert recorded(tmp_path / "workspace") == set(SOLUTIONS) - elsewhere
    assert list((tmp_path / "workspace" / "runs").glob("*/best.safetensors"))


@pytest.mark.slow
def test_without_labels_every_cell_passes_with_the_reference_answers(folder, tmp_path):
    notebooks = copies(folder, filled=True, only=WITHOUT_LABELS)
    assert failed_cells(notebooks, run_nbval(folder, tmp_path / "workspace")) == {}
    assert recorded(tmp_path / "workspace") == {
        "inverse_warp",
        "photometric_error",
        "left_right_consistency",
        "masked_minimum",
    }


@pytest.mark.slow
def test_untouched_they_fail_exactly_where_an_answer_is_needed(folder, tmp_path):
    notebooks = copies(folder, filled=False)
    outcomes = run_nbval(folder, tmp_path / "workspace")
    for name, notebook in notebooks.items():
        expected = [
            "failed" if cell.metadata.get("posenet", {}).get("needs") else "passed" for cell in code_cells(notebook)
        ]
        ids = [cell.id for cell in code_cells(notebook)]
        assert list(zip(ids, outcomes[name], strict=True)) == list(zip(ids, expected, strict=True)), name
