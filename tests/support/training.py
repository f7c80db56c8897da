"""Training through the command, and what it writes down."""

import csv
import sys
from pathlib import Path

from tests.support.places import ANSWERS


def train_command(scene: Path, out: Path, *more: str) -> list[str]:
    """`posenet train` with the reference answers."""
    return ["train", "--scene", str(scene), "--answers", str(ANSWERS), "--out", str(out), *more]


def history_rows(out: Path) -> list[dict[str, str]]:
    """A run's `history.csv`, as it stands there."""
    with open(out / "history.csv", newline="") as file:
        return list(csv.DictReader(file))


def launched(count: int) -> list[str]:
    """What begins a command of this library in several processes on one CPU.

    `accelerate launch --cpu` starts one process only, whatever its `--num_processes` says; PyTorch's launcher starts
    them all, and Accelerate finds them.
    """
    elastic = ["--standalone", "--nproc_per_node", str(count)]
    return [sys.executable, "-m", "torch.distributed.run", *elastic, "-m", "posenet_lib.cli"]
