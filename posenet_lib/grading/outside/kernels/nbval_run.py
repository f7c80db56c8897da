"""Runs assembled notebooks with `pytest --nbval`, in this process, every cell in a sandboxed kernel.

nbval collects the cells, sends them, and compares outputs with those in the notebook file. Only its kernel is
replaced, and its explanation of a difference, which takes minutes for two long texts and would quote expected numbers.
"""

import contextlib
import io
import os
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import nbval.plugin
import pytest
from nbformat import NotebookNode

from posenet_lib.grading.outside.kernels.kernel import RunEnded, SandboxKernel
from posenet_lib.grading.outside.kernels.limits import Limits
from posenet_lib.grading.outside.kernels.sandbox import Sandbox, SandboxDied

_NO_CONTROL = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd]")


@dataclass
class NotebookRun:
    """What became of one notebook: cells that passed, errors by cell id, and why it is incomplete, if it is."""

    passed: set[str] = field(default_factory=set)
    probed: dict[str, str] = field(default_factory=dict)  # the output of hidden cells
    raised: set[str] = field(default_factory=set)  # cells that ended with an error
    errors: dict[str, str] = field(default_factory=dict)
    incomplete: str = ""


def run_notebooks(
    notebooks: Mapping[str, NotebookNode], folder: Path, sandbox: Sandbox, limits: Limits, junit: Path
) -> dict[str, NotebookRun]:
    """Run each notebook in a kernel of its own. `folder` is empty, and nothing in it but the notebooks is used."""
    paths = {}
    for name, notebook in notebooks.items():
        paths[name] = folder / f"{name}.ipynb"
        nbformat.write(notebook, paths[name])
    plugin = _Plugin(sandbox, limits, {name: _code_cells(notebook) for name, notebook in notebooks.items()})
    options = ["--nbval", f"--rootdir={folder}", "-c", os.devnull, "--noconftest", "-q", "--color=no", "--tb=short"]
    options += ["-p", "no:cacheprovider", f"--junitxml={junit}", "-p", "nbval.plugin"]
    log = io.StringIO()
    with _nbval_kernel(plugin), _without_pytest_settings(), contextlib.redirect_stdout(log):
        code = pytest.main([*options, *map(str, paths.values())], plugins=[plugin])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise RuntimeError(f"pytest ended with {code!r}: {log.getvalue()[-500:]}")
    for name, cells in plugin.cells.items():
        run = plugin.runs[name]
        missing = [cell for cell in cells if cell not in plugin.seen[name]]
        if missing and not run.incomplete:
            run.incomplete = f"did not get to the cell {missing[0]}"
    return plugin.runs


def _code_cells(notebook: NotebookNode) -> list[str]:
    return [cell.id for cell in notebook.cells if cell.cell_type == "code"]


class _Plugin:
    def __init__(self, sandbox: Sandbox, limits: Limits, cells: dict[str, list[str]]):
        self.sandbox, self.limits, self.cells = sandbox, limits, cells
        self.runs = {name: NotebookRun() for name in cells}
        self.seen: dict[str, set[str]] = {name: set() for name in cells}
        self.kernel: SandboxKernel | None = None

    def start_kernel(self, *_: Any, **__: Any) -> SandboxKernel:
        try:
            self.kernel = SandboxKernel(self.sandbox, self.limits)
        except SandboxDied:  # an earlier question's code has brought it down: this one starts afresh
            self.sandbox.start()
            self.kernel = SandboxKernel(self.sandbox, self.limits)
        return self.kernel

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Nbval reads its markers from a cell's comments, and the answer cell's comments are the student's."""
        for item in items:
            item.options = defaultdict(bool, check=True)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo) -> Any:
        report = (yield).get_result()
        name, cell = item.path.stem, self.cells[item.path.stem][item.cell_num]
        run = self.runs[name]
        if self.kernel is not None and self.kernel.reason:
            run.incomplete = run.incomplete or self.kernel.reason
        if call.when == "call":
            self.seen[name].add(cell)
            if self.kernel is not None:
                run.probed[cell] = self.kernel.probed()
                run.raised |= {cell} if self.kernel.raised else set()
            # 'passed' alone counts: skipped, expected to fail, or anything else does not.
            if report.outcome == "passed" and not hasattr(report, "wasxfail"):
                run.passed.add(cell)
        if call.excinfo is not None:
            error = call.excinfo.value
            if not isinstance(error, nbval.plugin.NbCellError | RunEnded):
                run.incomplete = run.incomplete or f"broke off the run ({type(error).__name__})"
            run.errors.setdefault(cell, _clean(getattr(error, "inner_traceback", None) or str(error)))


def _clean(text: str) -> str:
    return _NO_CONTROL.sub("?", re.sub(r"\x1b\[[\d;]*m", "", str(text)))[:4000]


@contextlib.contextmanager
def _nbval_kernel(plugin: _Plugin) -> Any:
    cell = nbval.plugin.IPyNbCell
    kernel, explain = nbval.plugin.RunningKernel, cell.format_output_compare
    nbval.plugin.RunningKernel = plugin.start_kernel
    cell.format_output_compare = _explain_shortly
    try:
        yield
    finally:
        nbval.plugin.RunningKernel, cell.format_output_compare = kernel, explain


def _explain_shortly(self: Any, key: str, left: Any, right: Any) -> None:
    self.comparison_traceback.append(
        f"{key}: the reference prints\n{left}\nbut this answer prints\n{str(right)[:2000]}"
    )


@contextlib.contextmanager
def _without_pytest_settings() -> Any:
    """Settings of the grader's shell must not decide what a class's run does."""
    saved = {name: os.environ.pop(name, None) for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")}
    saved["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = os.environ.get("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        for name, value in saved.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
