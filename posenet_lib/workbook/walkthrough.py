"""Run the whole workbook without a browser: every notebook with answers filled in, then one page with the results."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.files import write_text
from posenet_lib.core.workspace import answers_dir, notebooks_dir, questions_dir
from posenet_lib.scenes.scene import PRACTICE_COURT
from posenet_lib.workbook import answer_source, missing_answers
from posenet_lib.workbook.expectations import (
    Expectations,
    Outcome,
    cell_expectations,
    outcomes_from_kernel,
    question_for_kernel,
)
from posenet_lib.workbook.notebook_files import fill_answers, notebook_paths, read_notebook
from posenet_lib.workbook.notebook_page import notebook_page
from posenet_lib.workbook.parts import passes
from posenet_lib.workbook.progress import WalkthroughProgress
from posenet_lib.workbook.questions import PRACTICE, QUESTIONS

# Runs of notebook 05 on the embedded scene: not those from scratch, of other scenes, or of depth and motion.
_TRAINED = f"runs/{PRACTICE_COURT}-[0-9]*"
_LOOK_EVERY_S = 2.0  # at the history of a run


@dataclass
class Walkthrough:
    """What was run, how long each notebook took, and whether what their text says to expect came true."""

    out: Path
    seconds: dict[str, float] = field(default_factory=dict)  # by the notebook's stem
    outcomes: dict[tuple[str, str], list[Outcome]] = field(default_factory=dict)  # by the notebook's stem and cell id

    @property
    def workspace(self) -> Path:
        """Answers and training runs of this walkthrough; the user's own stay untouched."""
        return self.out / "workspace"

    @property
    def expectations(self) -> Expectations:
        """All claims of the text that carry a test."""
        return Expectations(self.outcomes)

    def checkpoint(self) -> Path:
        """The run that notebook 05 trained."""
        return max(self.workspace.glob(f"{_TRAINED}/best.safetensors"), key=lambda path: path.stat().st_mtime)


def choose_answers(chosen: Path | None) -> tuple[dict[str, str], str]:
    """Sources of the answers to run with, and whose they are.

    The given folder, else the reference answers of an instructor's clone, else the student's recorded ones.

    Raises:
        WorkbookError: answers are missing; it says which notebook to finish.
    """
    reference = questions_dir()
    folder = chosen or (reference if reference.is_dir() else answers_dir())
    if chosen and not chosen.is_dir():
        raise WorkbookError(f"{chosen}: no such folder of answers")
    if missing := missing_answers(folder):
        todo = "\n".join(f"  {question.grade_id}: finish {question.place}" for question in missing)
        raise WorkbookError(f"{folder} lacks {len(missing)} of {len(QUESTIONS)} answers:\n{todo}")
    asked = (*QUESTIONS, *(practice for practice in PRACTICE if passes(practice.grade_id, folder)))
    sources = {question.grade_id: answer_source(question.grade_id, folder) for question in asked}
    return sources, "the reference answers" if folder == reference else f"the answers in {folder}"


def run_notebooks(out: Path, sources: dict[str, str], minutes: float | None = None) -> Walkthrough:
    """Execute all notebooks in order in one fresh workspace, each saved (.ipynb and .html) even if it fails.

    Args:
        minutes: training time in notebooks 05, 10 and 11 (their own defaults if None).

    Raises:
        WorkbookError: a cell failed; it names the notebook, the cell and the error.
    """
    walk = Walkthrough(out)
    environment = {**os.environ, "POSENET_WORKSPACE": str(walk.workspace.resolve())}
    if minutes is not None:
        environment["POSENET_TRAIN_MINUTES"] = str(minutes)
    notebooks = {path: read_notebook(path) for path in notebook_paths(notebooks_dir())}
    total = sum(cell.cell_type == "code" for notebook in notebooks.values() for cell in notebook.cells)
    with WalkthroughProgress(total) as progress:
        for path, notebook in notebooks.items():
            progress.notebook(path.stem)
            fill_answers(notebook, sources)
            began = time.perf_counter()
            try:
                with _training_shown(walk.workspace, progress):
                    _execute(notebook, path, environment, progress, walk)
            finally:
                walk.seconds[path.stem] = time.perf_counter() - began
                write_text(out / "notebooks" / path.name, nbformat.writes(notebook))
                page = notebook_page(notebook, path.stem, path.parent)
                write_text(out / "notebooks" / f"{path.stem}.html", page)
    return walk


def _execute(
    notebook: NotebookNode, path: Path, environment: dict[str, str], progress: WalkthroughProgress, walk: Walkthrough
) -> None:
    async def done(cell: NotebookNode, **_) -> None:
        if cell.cell_type != "code":
            return
        progress.cell()
        if cell_expectations(cell):
            asked = {"outcomes": question_for_kernel(cell)}
            message = client.kc.execute("", silent=True, store_history=False, user_expressions=asked)
            reply = await client.async_wait_for_reply(message)
            walk.outcomes[path.stem, cell.id] = outcomes_from_kernel(reply["content"]["user_expressions"]["outcomes"])

    client = NotebookClient(
        notebook,
        timeout=None,  # training takes as long as it takes
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        on_cell_executed=done,
        extra_arguments=["--IPKernelApp.log_level=ERROR"],  # kernels warn of TCP, which here stays on this computer
    )
    try:
        client.execute(env=environment)
    except CellExecutionError as error:
        cell = next(c for c in notebook.cells if any(o.output_type == "error" for o in c.get("outputs", ())))
        raise WorkbookError(
            f"notebooks/{path.name}, cell {cell.id}: {error.ename}: {error.evalue}\n"
            "The notebooks up to there, with their outputs, are saved."
        ) from error
    except (DeadKernelError, AssertionError) as error:  # nbclient's own assertion fails when a signal ended the kernel
        raise WorkbookError(
            f"notebooks/{path.name}: its kernel has ended: it was stopped, or the computer's memory was too small"
        ) from error


@contextmanager
def _training_shown(workspace: Path, progress: WalkthroughProgress) -> Iterator[None]:
    """While a notebook trains, show the last line of that run's history: one cell, many minutes."""
    began, finished = time.time(), threading.Event()

    def watch() -> None:
        while not finished.wait(_LOOK_EVERY_S):
            try:
                written = [(path.stat().st_mtime, path) for path in workspace.glob("runs/*/history.csv")]
                changed, history = max(written, default=(0.0, None))
                rows = history.read_text(encoding="utf-8").splitlines() if changed > began else []
            except FileNotFoundError:  # a notebook has just begun this run anew
                continue
            if len(rows) > 1:
                progress.say(_reached(dict(zip(rows[0].split(","), rows[-1].split(","), strict=True))))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        finished.set()
        watcher.join()


def _reached(record: dict[str, str]) -> str:
    """The last record of a history of PoseNet, or of depth and motion networks, in words."""
    if "epoch" not in record:
        return f"step {record['step']}, held-out loss {float(record['held_out_loss']):.3f}"
    metres, degrees = float(record["held_out_position_m"]), float(record["held_out_rotation_deg"])
    return f"epoch {record['epoch']}, held out {metres:.2f} m {degrees:.1f} deg"
