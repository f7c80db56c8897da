"""Training runs, epoch by epoch: the loss, and the errors on held-out photos."""

from collections.abc import Mapping, Sequence

from posenet_lib.plots.figure import Figure
from posenet_lib.plots.scales import log_scale
from posenet_lib.plots.style import BLUE, LINE_STYLES, ORANGE, SERIES
from posenet_lib.training.history import EpochRecord


def plot_history(history: Sequence[EpochRecord], unit: str = "m") -> Figure:
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
    loss.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, fontsize=8)  # above, where no dot can lie
    position.plot(epochs, [r.held_out_position_m for r in history], marker=marker, color=BLUE)
    position.set_ylabel(f"position error ({unit})")
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


def plot_runs(
    runs: Mapping[str, Sequence[EpochRecord] | Sequence[Sequence[EpochRecord]]],
    *,
    unit: str = "m",
    log: bool = False,
) -> Figure:
    """Held-out errors of several runs over the minutes that they trained, to be compared.

    Args:
        runs: what stands in the key -> a run's history, or several runs' that share a colour (seeds, say).
        unit: of positions.
        log: errors on logarithmic axes, for runs of which some are far better than others.
    """
    many = len(runs) > len(SERIES)  # their key needs room of its own
    figure = Figure(figsize=(11, 4.2 + 0.14 * len(runs) if many else 3.6), layout="constrained")
    axes = figure.subplots(1, 2)
    highest = [0.0, 0.0]
    for index, (label, histories) in enumerate(runs.items()):
        look = {"color": SERIES[index % 4], "linestyle": LINE_STYLES[(index + index // 4) % 4]}  # 16 that differ
        several = [histories] if isinstance(histories[0], EpochRecord) else histories
        for number, history in enumerate(several):
            along = [r.elapsed_s / 60 for r in history]
            errors = [r.held_out_position_m for r in history], [r.held_out_rotation_deg for r in history]
            for k, values in enumerate(errors):
                marker = "o" if len(history) < 3 else ""  # one point makes no line
                name = label if number == 0 else None
                axes[k].plot(along, values, marker=marker, label=name, linewidth=1.3, **look)
                highest[k] = max(highest[k], *values[len(values) // 5 :])
    for one, words, top in zip(axes, (f"position error ({unit})", "rotation error (degrees)"), highest, strict=True):
        one.set_xlabel("minutes of training")
        one.set_ylabel(f"{words}, held out, median")
        if log:
            log_scale(one, "y")
        else:
            one.set_ylim(0, 1.1 * top)
        one.set_xlim(0, None)
        one.grid(alpha=0.25, which="both" if log else "major")
    if many:
        figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize=8)
    else:
        axes[0].legend()
    return figure
