"""Where things are: the repository (notebooks, shipped data) and the workspace (what the user's work produces).

Both are the same folder unless `POSENET_WORKSPACE` names another one, which tests, graders and read-only
installations do. The cache is a third place, the user's own. Nothing here changes the working directory, and nothing is
created before it is asked for.
"""

import os
import sys
from pathlib import Path

from posenet_lib.core.errors import WorkbookError


def _is_repository(folder: Path) -> bool:
    # Copies of the notebooks alone, as a grader or a student makes them, are no clone: the data is elsewhere.
    # Two files, because a folder of copied notebooks is no clone.
    return (folder / "notebooks" / "00_start_here.ipynb").is_file() and (folder / "environment.yml").is_file()


def repository_root() -> Path:
    """The clone: the nearest folder at or above the working directory that holds the workbook, else the package's own.

    Raises:
        WorkbookError: neither is a clone of the workbook.
    """
    here = Path.cwd()
    for folder in (here, *here.parents, Path(__file__).resolve().parents[2]):
        if _is_repository(folder):
            return folder
    raise WorkbookError(
        f"{here} is not inside a clone of the workbook (no folder above it holds notebooks/00_start_here.ipynb); "
        "change to the folder that `git clone` made and try again."
    )


def workspace_root() -> Path:
    """Where answers and runs are written: `$POSENET_WORKSPACE` if set, else the repository."""
    chosen = os.environ.get("POSENET_WORKSPACE")
    return Path(chosen).expanduser().resolve() if chosen else repository_root()


def answers_dir() -> Path:
    """The student's recorded answers, one `<grade_id>.py` each (made when the first answer is recorded)."""
    return workspace_root() / "answers"


def runs_dir() -> Path:
    """Training runs: checkpoints, histories, predictions."""
    return workspace_root() / "runs"


def notebooks_dir() -> Path:
    """The pristine notebooks."""
    return repository_root() / "notebooks"


def questions_dir() -> Path:
    """An instructor's clone alone has it: `<grade_id>/` with solution.py, probes.py, right/ and wrong/."""
    return repository_root() / "tests" / "questions"


def variants_dir() -> Path:
    """The comparison that notebook 07 shows: what was run, and its results."""
    return repository_root() / "data" / "variants"


def first_look_dir() -> Path:
    """Recorded predictions of a trained network, which notebook 00 shows."""
    return repository_root() / "data" / "first_look"


def datasets_dir() -> Path:
    """Downloaded scenes, `data/datasets/KingsCollege` and the like."""
    return repository_root() / "data" / "datasets"


def pretrained_dir() -> Path:
    """Downloaded weights."""
    return repository_root() / "pretrained_models"


def cache_dir() -> Path:
    """What the library can make again at any time, for this user: each kind of file in a subfolder of its own.

    `$XDG_CACHE_HOME/posenet`, or `~/.cache/posenet` where that variable is not set; on Windows
    `%LOCALAPPDATA%/posenet/cache`.
    """
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return (Path(local) if local else Path.home() / "AppData" / "Local") / "posenet" / "cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "posenet"
