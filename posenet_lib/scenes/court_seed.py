"""Which court a folder's photos show: a scene that was rendered here says so, and any view of it can be rendered."""

import json
from pathlib import Path

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.files import write_text
from posenet_lib.core.workspace import repository_root

COURT_FILE = "court.json"
# Walks at ten photos a second have a camera of their own: their folder is no court whose views can be rendered.
SEQUENCE_FILE = "sequence-court.json"


def practice_court_folder() -> Path:
    """Where the shipped scene lies, the court of seed 0."""
    return repository_root() / "data" / "PracticeCourt"


def write_court_seed(folder: Path, court_seed: int, file: str = COURT_FILE) -> None:
    """Leave the seed beside the photos; the shipped scene is known by its place and needs no file."""
    if folder.resolve() == practice_court_folder().resolve() and not court_seed:
        (folder / file).unlink(missing_ok=True)
    else:
        write_text(folder / file, json.dumps({"court_seed": court_seed}) + "\n")


def read_court_seed(folder: Path, file: str = COURT_FILE) -> int | None:
    """The seed that a folder says, None if it says none.

    Raises:
        WorkbookError: the file is damaged.
    """
    path = folder / file
    if not path.is_file():
        return None
    try:
        seed = json.loads(path.read_text(encoding="utf-8"))["court_seed"]
    except (OSError, ValueError, KeyError, TypeError):
        seed = None
    if type(seed) is not int or seed < 0:
        raise WorkbookError(f'{path}: must hold {{"court_seed": a whole number from 0 up}}; render the scene again')
    return seed
