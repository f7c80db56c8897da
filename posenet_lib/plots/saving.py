"""Figures as files."""

from pathlib import Path

from matplotlib.figure import Figure

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.files import replacing

_FORMATS = (".png", ".pdf", ".svg")


def check_picture(path: Path) -> None:
    """Raises WorkbookError unless the name says which format is wanted; asked before the work, not after it."""
    if path.suffix.lower() not in _FORMATS:
        raise WorkbookError(f"{path}: the name must end in {', '.join(_FORMATS)}, which says how to write the picture")


def save_figure(figure: Figure, path: Path) -> None:
    """Write all of it or nothing; folders that are missing are made.

    The picture is as large as what is drawn: a 3-D plot's labels may reach beyond the figure, and would be cut off.
    """
    check_picture(path)
    with replacing(path) as temporary:
        figure.savefig(temporary, dpi=130, format=path.suffix[1:].lower(), bbox_inches="tight")
