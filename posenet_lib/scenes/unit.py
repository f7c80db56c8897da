"""What a scene's lengths are counted in: metres, unless `unit.txt` in its folder says that nobody knows.

Structure from motion finds a place's shape, not its size. A scene without a known length counts in 'units', and no
output may call them metres.
"""

from pathlib import Path

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.files import write_text

UNIT_FILE = "unit.txt"
METRES, UNITS = "m", "units"


def scene_unit(folder: Path) -> str:
    """'m' or 'units'.

    Raises:
        WorkbookError: the file says something else.
    """
    path = folder / UNIT_FILE
    if not path.is_file():
        return METRES
    word = path.read_text(encoding="utf-8-sig", errors="replace").strip()
    if word not in (METRES, UNITS):
        raise WorkbookError(f"{path}: says {word[:40]!r}; 'm' for metres and 'units' for an unknown scale are possible")
    return word


def write_unit(folder: Path, unit: str) -> None:
    """The inverse of `scene_unit`; metres need no file."""
    if unit != METRES:
        write_text(folder / UNIT_FILE, f"{unit}\n")
