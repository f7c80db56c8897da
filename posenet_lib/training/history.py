"""What a training run writes down: one row an epoch, or whenever it is judged, as CSV and for TensorBoard.

A record is a dataclass of numbers; its first field counts epochs or steps.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from posenet_lib.core.files import write_text


@dataclass(frozen=True)
class EpochRecord:
    """One epoch. Held-out numbers are medians over the held-out training photos, centre crop, main head."""

    epoch: int  # 1, 2, ...
    train_loss: float  # mean over the epoch's steps of the loss that is trained with
    held_out_loss: float  # the student's loss with fixed beta on the held-out photos, main head alone
    held_out_position_m: float
    held_out_rotation_deg: float
    learning_rate: float  # at the epoch's end
    elapsed_s: float  # training time since the run began, interruptions not counted
    photos_per_s: float  # with a frozen trunk: crops, from stored features
    share: float = 1.0  # of the photos; below 1 if the time was up before the epoch was complete


def write_history(path: Path, history: Sequence[Any]) -> None:
    """All records so far, one or more of one kind, as CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [item.name for item in fields(history[0])], lineterminator="\n")
    writer.writeheader()
    for record in history:
        writer.writerow({name: f"{v:.6g}" if isinstance(v, float) else v for name, v in asdict(record).items()})
    write_text(path, text.getvalue())


def read_history(path: Path) -> list[EpochRecord]:
    """The inverse of `write_history`, of epochs."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            EpochRecord(**{name: int(value) if name == "epoch" else float(value) for name, value in row.items()})
            for row in csv.DictReader(file)
        ]


class TensorBoardLog:
    """Event files under a run's folder; `tensorboard --logdir runs` shows them."""

    def __init__(self, folder: Path, first: int):
        from torch.utils.tensorboard import SummaryWriter  # seconds to import; only a training run needs it

        # What an interrupted run logged after its last checkpoint is superseded.
        self._writer = SummaryWriter(str(folder), purge_step=first)

    def add(self, record: Any) -> None:
        """Log one record."""
        (_, count), *values = asdict(record).items()
        for name, value in values:
            self._writer.add_scalar(name, value, count)

    def close(self) -> None:
        """Write what is still buffered."""
        self._writer.close()
