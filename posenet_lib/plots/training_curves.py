"""A training run, epoch by epoch: the loss, and the errors on held-out photos."""

from collections.abc import Sequence

from posenet_lib.plots.figure import Figure
from posenet_lib.plots.scales import log_scale
from posenet_lib.plots.style import BLUE, ORANGE
from posenet_lib.training.history import EpochRecord


def plot_history(history: Sequence[EpochRecord]) -> Figure:
    """Loss and held-out errors, epoch by epoch."""
    figure = Figure(figsize=(11, 3.4), layout="constrained")
    loss, position, rotation = figure.subplots(1, 3)
    epochs = [record.epoch for record in history]
    marker = "o" if len(history) < 3 else ""  # one point makes no line
    loss.plot(epochs, [r.train_loss for r in history], "-", marker=marker, color=BLUE, label="training (three heads)")
    loss.plot(
        epochs, [r.held_out_loss for r in history], "--", marker=marker, color=ORANGE, label="held out (main head)"
    )
    if all(min(r.train_loss, r.held_out_loss) > 0 for r in history):  # a learned weighting makes it negative
        log_scale(loss, "y")
    loss.set_ylabel("loss")
    loss.legend()
    position.plot(epochs, [r.held_out_position_m for r in history], marker=marker, color=BLUE)
    position.set_ylabel("position error (m)")
    position.set_title("held out, median", fontsize=10)
    rotation.plot(epochs, [r.held_out_rotation_deg for r in history], marker=marker, color=BLUE)
    rotation.set_ylabel("rotation error (degrees)")
    rotation.set_title("held out, median", fontsize=10)
    for axes in (loss, position, rotation):
        axes.set_xlabel("epoch")
        axes.grid(alpha=0.25)
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.set_xlim(0, len(history) + 1 if len(history) < 3 else None)  # whole epochs, also when there is one
    settled = history[len(history) // 5 :]  # a fresh network's first answers are far off and would flatten the rest
    position.set_ylim(0, 1.1 * max(record.held_out_position_m for record in settled))
    rotation.set_ylim(0, 1.1 * max(record.held_out_rotation_deg for record in settled))
    return figure
