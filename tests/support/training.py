"""Training through the command, and what it writes down."""

import csv
from pathlib import Path

from tests.support.places import ANSWERS


def train_command(scene: Path, out: Path, *more: str) -> list[str]:
    """`posenet train` with the reference answers."""
    return ["train", "--scene", str(scene), "--answers", str(ANSWERS), "--out", str(out), *more]


def history_rows(out: Path) -> list[dict[str, str]]:
    """A run's `history.csv`, as it stands there."""
    with open(out / "history.csv", newline="") as file:
        return list(csv.DictReader(file))
