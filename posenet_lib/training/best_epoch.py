"""Which epoch is kept: the one that did best on held-out training photos."""

from collections.abc import Sequence

from posenet_lib.training.history import EpochRecord


def best_epoch(history: Sequence[EpochRecord], over: int = 3) -> EpochRecord:
    """The epoch to keep: the lowest held-out loss, averaged over it and the two before it.

    The held-out block is small. One lucky epoch at a high learning rate beats it by chance; three in a row do not.
    """

    def averaged(index: int) -> float:
        recent = [record.held_out_loss for record in history[max(0, index + 1 - over) : index + 1]]
        return sum(recent) / len(recent)

    return history[min(range(len(history)), key=averaged)]
