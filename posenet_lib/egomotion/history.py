"""What a training run writes down: one row each time the networks are judged, as CSV and for TensorBoard."""

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from posenet_lib.core.files import write_text


@dataclass(frozen=True)
class Judgement:
    """Where a run stands. Without labels: the held-out loss is the training's own, on a walk that was held out."""

    step: int
    train_loss: float  # mean since the judgement before
    held_out_loss: float
    learning_rate: float
    elapsed_s: float  # training time since the run began, interruptions not counted
    photos_per_s: float


def write_history(path: Path, history: Sequence[Judgement]) -> None:
    """All judgements so far, as CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [item.name for item in fields(Judgement)], lineterminator="\n")
    writer.writeheader()
    for record in history:
        writer.writerow({name: f"{v:.6g}" if isinstance(v, float) else v for name, v in asdict(record).items()})
    write_text(path, text.getvalue())


class TensorBoardLog:
    """Event files under a run's folder; `tensorboard --logdir runs` shows them."""

    def __init__(self, folder: Path, first_step: int):
        from torch.utils.tensorboard import SummaryWriter  # seconds to import; only a training run needs it

        self._writer = SummaryWriter(str(folder), purge_step=first_step)

    def add(self, record: Judgement) -> None:
        """Log one judgement."""
        for name, value in asdict(record).items():
            if name != "step":
                self._writer.add_scalar(name, value, record.step)

    def close(self) -> None:
        """Write what is still buffered."""
        self._writer.close()
