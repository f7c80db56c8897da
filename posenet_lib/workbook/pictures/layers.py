"""Inside a network: how many parameters where, and what feature maps look like."""

from collections.abc import Mapping

import numpy as np

from posenet_lib.plots.figure import Figure
from posenet_lib.plots.style import BLUE


def plot_bars(values: Mapping[str, float], x_label: str) -> Figure:
    """Horizontal bars from top to bottom, each with its value."""
    figure = Figure(figsize=(8, 0.32 * len(values) + 1), layout="constrained")
    axes = figure.add_subplot()
    bars = axes.barh(list(values), list(values.values()), color=BLUE)
    axes.bar_label(bars, [f"{value:.3g}" for value in values.values()], padding=4, fontsize=9)
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.set_xlabel(x_label)
    return figure


def plot_feature_maps(layers: Mapping[str, np.ndarray], count: int = 8) -> Figure:
    """For each layer (C, H, W) a row: the `count` maps that vary most, each on its own scale (bright = strong)."""
    figure = Figure(figsize=(1.45 * count, 1.75 * len(layers)), layout="constrained")
    rows = figure.subplots(len(layers), count, squeeze=False)
    for row, (name, maps) in zip(rows, layers.items(), strict=True):
        chosen = np.sort(np.argsort(maps.std(axis=(1, 2)))[-count:])
        for axes, channel in zip(row, chosen, strict=True):
            axes.imshow(maps[channel], cmap="cividis", interpolation="nearest")
            axes.set_title(f"channel {channel}", fontsize=7)
            axes.set_xticks([])
            axes.set_yticks([])
        row[0].set_ylabel(f"{name}\n{maps.shape[1]} x {maps.shape[2]}", fontsize=9)
    return figure
