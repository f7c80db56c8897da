"""Variants side by side."""

from collections.abc import Mapping, Sequence

from posenet_lib.experiment.table import ResultRow, by_variant, label
from posenet_lib.plots.figure import Figure
from posenet_lib.plots.scales import log_scale
from posenet_lib.plots.style import LINE_STYLES, SERIES
from posenet_lib.training.history import EpochRecord

_PANELS = (("position_m", "median position error (m)"), ("rotation_deg", "median rotation error (degrees)"))


def plot_results(rows: Sequence[ResultRow]) -> Figure:
    """One line a variant and test time, one dot a seed; left is better."""
    groups = by_variant(rows)
    labels = [label(*key) for key in groups]
    figure = Figure(figsize=(11, 1.2 + 0.34 * len(groups)), layout="constrained")
    for axes, (quantity, title), colour in zip(figure.subplots(1, 2, sharey=True), _PANELS, SERIES, strict=False):
        for line, group in enumerate(groups.values()):
            values = [getattr(row, quantity) for row in group]
            axes.plot([min(values), max(values)], [line, line], "-", color=colour, lw=2, alpha=0.5)
            axes.plot(values, [line] * len(values), "o", color=colour, ms=6)
        axes.set_xlabel(title)
        log_scale(axes, "x", (1, 1.5, 2, 3, 5, 7))  # one bad variant would push all others together
        axes.grid(alpha=0.25)
        axes.set_yticks(range(len(labels)), labels)
        axes.set_ylim(len(labels) - 0.5, -0.5)  # the first variant on top
    return figure


def plot_runs(histories: Mapping[str, Sequence[EpochRecord]]) -> Figure:
    """Held-out errors over the training time, one line for each variant's first seed."""
    figure = Figure(figsize=(11, 4.2 + 0.14 * len(histories)), layout="constrained")
    for axes, (quantity, title) in zip(figure.subplots(1, 2), _PANELS, strict=True):
        for index, (name, history) in enumerate(histories.items()):
            axes.plot(
                [record.elapsed_s / 60 for record in history],
                [getattr(record, f"held_out_{quantity}") for record in history],
                LINE_STYLES[index // len(SERIES) % len(LINE_STYLES)],
                marker="o" if len(history) < 3 else "",
                color=SERIES[index % len(SERIES)],
                label=name,
            )
        log_scale(axes, "y")  # a fresh network's answers are far off
        axes.set_xlabel("training time (minutes)")
        axes.set_ylabel(f"held-out {title}")
        axes.grid(alpha=0.25, which="both")
    figure.legend(*figure.axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize=8)
    return figure
