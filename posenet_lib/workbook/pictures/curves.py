"""Lines, points and surfaces with labelled axes, so that a notebook cell computes and draws in a few lines."""

from collections.abc import Mapping

import numpy as np
from matplotlib.ticker import MaxNLocator

from posenet_lib.plots.figure import Figure
from posenet_lib.plots.scales import log_scale
from posenet_lib.plots.style import BLUE, GREEN, LINE_STYLES, SERIES, VERMILION

_CHANNELS = {"red": VERMILION, "green": GREEN, "blue": BLUE}  # a line about a colour has that colour


def plot_lines(
    x: np.ndarray,
    lines: Mapping[str, np.ndarray],
    x_label: str,
    y_label: str,
    *,
    log: bool | str = False,
    y_limits: tuple[float, float] | None = None,
    lowest: bool = False,
) -> Figure:
    """One line for each entry of `lines`.

    Args:
        log: makes both axes logarithmic, "x" the horizontal one.
        y_limits: the part of the vertical axis to show, where a few large values would flatten the rest.
        lowest: mark each line's lowest point.
    """
    figure = Figure(figsize=(7.5, 3.8), layout="constrained")
    axes = figure.add_subplot()
    for index, (label, y) in enumerate(lines.items()):
        colour = _CHANNELS.get(label, SERIES[index % 4])
        marker = "o" if len(x) < 20 else ""
        axes.plot(x, y, LINE_STYLES[index % 4], marker=marker, color=colour, lw=2, label=label)
        if lowest:
            at = int(np.argmin(y))
            axes.plot(x[at], y[at], "v", color=colour, ms=9, mec="0.1", mew=0.6)
    if lowest:
        axes.plot([], [], "v", color="0.5", ms=9, mec="0.1", mew=0.6, label="lowest point")
    for name in "xy":
        if log in (True, name):
            log_scale(axes, name)
    axes.set_ylim(y_limits)
    axes.set_xlabel(x_label)
    axes.set_ylabel(y_label)
    axes.grid(alpha=0.25)
    axes.legend()
    return figure


def plot_points(x: np.ndarray, panels: Mapping[str, np.ndarray], x_label: str) -> Figure:
    """One scatter plot for each entry of `panels`, side by side; its name is its y label."""
    figure = Figure(figsize=(10, 3.8), layout="constrained")
    for axes, (y_label, y) in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels.items(), strict=True):
        axes.plot(x, y, "o", color=BLUE, alpha=0.6, ms=5, mec="white", mew=0.4)
        axes.set_xlabel(x_label)
        axes.set_ylabel(y_label)
        axes.set_ylim(bottom=0)
        axes.grid(alpha=0.25)
    return figure


def plot_loss_surfaces(metres: np.ndarray, degrees: np.ndarray, surfaces: Mapping[str, np.ndarray]) -> Figure:
    """Contours of a loss over position error (across) and rotation error (up), one panel for each beta."""
    figure = Figure(figsize=(12, 3.9), layout="constrained")
    panels = figure.subplots(1, len(surfaces), sharey=True, squeeze=False)[0]
    for axes, (title, surface) in zip(panels, surfaces.items(), strict=True):
        filled = axes.contourf(metres, degrees, surface, levels=12, cmap="cividis")
        axes.contour(metres, degrees, surface, levels=filled.levels, colors="white", linewidths=0.5)
        figure.colorbar(filled, ax=axes, label="loss (m)", ticks=MaxNLocator(6))
        axes.set_title(title)
        axes.set_xlabel("position error (m)")
    panels[0].set_ylabel("rotation error (degrees)")
    return figure
