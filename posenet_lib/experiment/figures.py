"""Variants side by side."""

from collections.abc import Sequence

from posenet_lib.experiment.table import ResultRow, by_variant, label
from posenet_lib.plots.figure import Figure
from posenet_lib.plots.scales import log_scale
from posenet_lib.plots.style import SERIES


def plot_results(rows: Sequence[ResultRow], unit: str = "m") -> Figure:
    """One line a variant and test time, one dot a seed; left is better. `unit`: of positions."""
    panels = (("position_m", f"median position error ({unit})"), ("rotation_deg", "median rotation error (degrees)"))
    groups = by_variant(rows)
    labels = [label(*key) for key in groups]
    figure = Figure(figsize=(11, 1.2 + 0.34 * len(groups)), layout="constrained")
    for axes, (quantity, title), colour in zip(figure.subplots(1, 2, sharey=True), panels, SERIES, strict=False):
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
