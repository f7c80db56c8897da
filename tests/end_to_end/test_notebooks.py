"""The notebooks under `pytest --nbval`, as instructors run them: with the reference answers, and untouched."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from posenet_lib.workbook.notebook_files import fill_answers, notebook_paths, read_notebook
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
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode in (0, 1), done.stdout[-3000:] + done.stderr[-3000:]
    outcomes: dict[str, list[str]] = {}
    for node, outcome in json.loads((folder / "results.json").read_text()).items():
        outcomes.setdefault(node.split("::")[0], []).append(outcome)
    return {Path(name).name: found for name, found in outcomes.items()}


def copies(folder: Path, *, filled: bool) -> dict[str, nbformat.NotebookNode]:
    """The notebooks in a folder of their own, with or without answers."""
    folder.mkdir()
    notebooks = {}
    for path in notebook_paths(ROOT / "notebooks"):
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


def test_with_the_reference_answers_every_cell_passes(folder, tmp_path):
    notebooks = copies(folder, filled=True)
    outcomes = run_nbval(folder, tmp_path / "workspace")
    failed = {
        name: [
            cell.id for cell, outcome in zip(code_cells(notebook), outcomes[name], strict=True) if outcome != "passed"
        ]
        for name, notebook in notebooks.items()
    }
    assert failed == {name: [] for name in notebooks}
    assert {path.stem for path in (tmp_path / "workspace" / "answers").glob("*.py")} == set(SOLUTIONS)
    assert list((tmp_path / "workspace" / "runs").glob("*/best.safetensors"))


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
