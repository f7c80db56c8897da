"""Which court a folder's photos show: a scene that was rendered here says so, and any view of it can be rendered."""

import json
from pathlib import Path

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.files import write_text

COURT_FILE = "court.json"


def write_court_seed(folder: Path, court_seed: int) -> None:
    """Leave the seed beside the photos; PracticeCourt (0) is known by its name and needs no file."""
    if court_seed:
        write_text(folder / COURT_FILE, json.dumps({"court_seed": court_seed}) + "\n")


def read_court_seed(folder: Path) -> int | None:
    """The seed that a folder says, None if it says none.

    Raises:
        WorkbookError: the file is damaged.
    """
    path = folder / COURT_FILE
    if not path.is_file():
        return None
    try:
        seed = json.loads(path.read_text(encoding="utf-8"))["court_seed"]
    except (OSError, ValueError, KeyError, TypeError):
        seed = None
    if type(seed) is not int or seed < 0:
        raise WorkbookError(f'{path}: must hold {{"court_seed": a whole number from 0 up}}; render the scene again')
    return seed
