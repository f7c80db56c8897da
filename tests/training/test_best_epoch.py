"""Which epoch is kept."""

from posenet_lib.training.best_epoch import best_epoch
from posenet_lib.training.history import EpochRecord


def test_one_lucky_epoch_is_not_the_best():
    def epoch(number, loss):
        return EpochRecord(number, 1.0, loss, 1.0, 1.0, 1e-3, 1.0, 1.0)

    losses = [9.0, 8.0, 1.0, 8.0, 4.0, 3.0, 3.5, 3.6]
    history = [epoch(number, loss) for number, loss in enumerate(losses, start=1)]
    assert best_epoch(history).epoch == 8
    assert best_epoch(history[:1]).epoch == 1
