"""The notebooks' training runs: how long, into which folder, and which one is the newest."""

import contextlib
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.wording import counted
from posenet_lib.core.workspace import runs_dir
from posenet_lib.models.checkpoint import BEST, LAST, load_checkpoint
from posenet_lib.scenes.scene import Scene
from posenet_lib.training.history import EpochRecord
from posenet_lib.workbook.feedback import say

FULL_RUN_PASSES = 12  # over the training photos; with fewer, results change much from run to run


def training_minutes(default: float) -> float:
    """How long to train: `$POSENET_TRAIN_MINUTES` if set, else `default`.

    Raises:
        WorkbookError: the variable is no positive number.
    """
    text = os.environ.get("POSENET_TRAIN_MINUTES", "").strip()
    if not text:
        return default
    try:
        minutes = float(text)
    except ValueError:
        minutes = 0.0
    if not 0 < minutes < float("inf"):
        raise WorkbookError(f"POSENET_TRAIN_MINUTES is {text!r}; give a number of minutes above 0, such as 8")
    return minutes


def new_run(scene: Scene, kind: str = "") -> Path:
    """A folder for the next run on this scene, `runs/practice-court-001` and so on; training makes it.

    Args:
        kind: of runs for comparison, which the next notebooks do not look at: `practice-court-from-scratch-001`.
    """
    name = f"{scene.name}-{kind}" if kind else scene.name
    numbers = [number for number, _ in _runs(name)]
    return runs_dir() / f"{name}-{max(numbers, default=0) + 1:03d}"


def latest_run(scene: Scene) -> Path:
    """The newest run on this scene that has a checkpoint.

    Raises:
        WorkbookError: there is none.
    """
    trained = [folder for _, folder in _runs(scene.name) if (folder / BEST).is_file()]
    if not trained:
        raise WorkbookError(f"No trained network for {scene.name} yet: run notebooks/05_training.ipynb first.")
    return max(trained, key=lambda folder: (folder / BEST).stat().st_mtime)


def run_history(run: Path) -> list[EpochRecord]:
    """All complete epochs of a run, also of an interrupted one.

    Raises:
        WorkbookError: the run has no checkpoint.
    """
    return [EpochRecord(**record) for record in load_checkpoint(run, which=LAST).progress["history"]]


def fresh_folder(folder: Path) -> Path:
    """The folder, empty of what an earlier run of the same notebook left: its checkpoints, history and logs."""
    shutil.rmtree(folder, ignore_errors=True)
    return folder


@dataclass(frozen=True)
class RunLength:
    """How long a run was. The text of the notebooks promises other things of a full run than of a short one."""

    epochs: int
    passes: float  # over the training photos: an epoch that the clock cut short counts in part
    complete: bool = True  # the last epoch

    @property
    def is_full(self) -> bool:
        """Enough passes for what the text says of a full run."""
        return self.passes >= FULL_RUN_PASSES

    @property
    def epochs_in_words(self) -> str:
        """'1 epoch', or '7 epochs, the last one ended by the clock after 40 % of its photos'."""
        if self.complete:
            return counted(self.epochs, "epoch")
        done = f"{100 * (self.passes - self.epochs + 1):.0f} % of its photos"
        which = "" if self.epochs == 1 else "the last one "
        return f"{counted(self.epochs, 'epoch')}, {which}ended by the clock after {done}"

    def __str__(self) -> str:
        seen = f"the network saw each training photo {counted(round(self.passes, 1), 'time')}"
        if self.is_full:
            return f"a full run: {seen}"
        return f"a short run: {seen}; for a full run it takes {FULL_RUN_PASSES}"


def run_length(history: Sequence[EpochRecord]) -> RunLength:
    """Of a run's epochs, as `run_history` gives them."""
    return RunLength(len(history), sum(record.share for record in history), history[-1].share == 1)


@contextlib.contextmanager
def stop_button(run: Path) -> Iterator[None]:
    """Let the stop button end a training cell with one line in place of a traceback."""
    try:
        yield
    except KeyboardInterrupt:
        if (run / LAST).is_file():
            count = len(run_history(run))
            verb = "is" if count == 1 else "are"
            say(f"Stopped. {counted(count, 'epoch')} {verb} saved in {run.name}; resume goes on from there.")
        else:
            say("Stopped before the first epoch was complete, so nothing is saved. Run the cell again to start anew.")


def _runs(name: str) -> list[tuple[int, Path]]:
    pattern = re.compile(re.escape(name) + r"-(\d{3,})")
    found = [(pattern.fullmatch(folder.name), folder) for folder in runs_dir().glob(f"{name}-*")]
    return [(int(match[1]), folder) for match, folder in found if match]
