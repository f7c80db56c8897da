"""Lines, points and surfaces with labelled axes, so that a notebook cell computes and draws in a few lines."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from posenet_lib.plots.style import BLUE, LINE_STYLES, SERIES


class Descent(NamedTuple):
    """Errors at every step of a gradient descent."""

    position_m: Sequence[float]
    rotation_deg: Sequence[float]


def plot_lines(x: np.ndarray, lines: Mapping[str, np.ndarray], x_label: str, y_label: str) -> Figure:
    """One line for each entry of `lines`."""
    figure = Figure(figsize=(7.5, 3.8), layout="constrained")
    axes = figure.add_subplot()
    for index, (label, y) in enumerate(lines.items()):
        axes.plot(x, y, LINE_STYLES[index % 4], color=SERIES[index % 4], lw=2, label=label)
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
        figure.colorbar(filled, ax=axes, label="loss (m)", format="%.3g")
        axes.set_title(title)
        axes.set_xlabel("position error (m)")
    panels[0].set_ylabel("rotation error (degrees)")
    return figure


def plot_descent(descents: Mapping[str, Descent]) -> Figure:
    """Both errors over the steps of a descent, one line for each beta."""
    figure = Figure(figsize=(11, 3.8), layout="constrained")
    position, rotation = figure.subplots(1, 2)
    for index, (label, descent) in enumerate(descents.items()):
        style = {"color": SERIES[index % 4], "ls": LINE_STYLES[index % 4], "lw": 2, "label": label}
        position.plot(descent.position_m, **style)
        rotation.plot(descent.rotation_deg, **style)
    position.set_ylabel("position error (m)")
    rotation.set_ylabel("rotation error (degrees)")
    for axes in (position, rotation):
        axes.set_xlabel("step")
        axes.set_ylim(bottom=0)
        axes.grid(alpha=0.25)
    rotation.legend()
    return figure
