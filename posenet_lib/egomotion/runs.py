"""Folders of the notebooks' runs."""

import shutil
from pathlib import Path


def fresh_folder(folder: Path) -> Path:
    """The folder, empty of what an earlier run of the same notebook left: its checkpoints, history and logs."""
    shutil.rmtree(folder, ignore_errors=True)
    return folder
