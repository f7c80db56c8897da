"""Which epoch is kept: the one that did best on held-out training photos."""

from collections.abc import Sequence

from posenet_lib.training.history import EpochRecord


def best_epoch(history: Sequence[EpochRecord], over: int = 3) -> EpochRecord:
    """The epoch to keep: the lowest held-out loss, averaged over it and the two before it.

    The held-out block is small. One lucky epoch at a high learning rate beats it by chance; three in a row do not.

    It is a rough judge all the same. In seven runs that were tested on blocks of training photos (four of the court,
    three of RedKitchen), the last epoch was 1 % worse in position and 3 % in rotation than the kept one, in the mean.
    """

    def averaged(index: int) -> float:
        recent = [record.held_out_loss for record in history[max(0, index + 1 - over) : index + 1]]
        return sum(recent) / len(recent)

    return history[min(range(len(history)), key=averaged)]
