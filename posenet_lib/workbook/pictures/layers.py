"""Inside a network: how many parameters where, and what feature maps look like."""

from collections.abc import Mapping

import numpy as np
from matplotlib.patches import Rectangle

from posenet_lib.plots.figure import Figure
from posenet_lib.plots.style import BLUE, VERMILION


def plot_bars(values: Mapping[str, float], x_label: str) -> Figure:
    """Horizontal bars from top to bottom, each with its value."""
    figure = Figure(figsize=(8, 0.32 * len(values) + 1), layout="constrained")
    axes = figure.add_subplot()
    bars = axes.barh(list(values), list(values.values()), color=BLUE)
    axes.bar_label(bars, [f"{value:.2f}" for value in values.values()], padding=4, fontsize=9)
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


def plot_receptive_fields(photo: np.ndarray, footprints: Mapping[str, np.ndarray]) -> Figure:
    """What one place of each stage can see: the photo is bright where a pixel changes it, with a frame around all that.

    Args:
        photo: (H, W, 3) in 0..1.
        footprints: for each stage, how strongly each pixel counts, (H, W), zero where it does not.
    """
    figure = Figure(figsize=(2.5 * len(footprints), 3.0), layout="constrained")
    panels = figure.subplots(1, len(footprints), squeeze=False)[0]
    for axes, (name, footprint) in zip(panels, footprints.items(), strict=True):
        strength = (footprint / np.quantile(footprint[footprint > 0], 0.98)).clip(0, 1)[..., None] ** 0.4
        axes.imshow(photo * (0.25 + 0.75 * strength))
        top, left, height, width = field_of(footprint)
        frame = {"fill": False, "edgecolor": VERMILION, "lw": 2}
        axes.add_patch(Rectangle((left - 0.5, top - 0.5), width, height, **frame))
        axes.set_title(f"{name}: {width} x {height} pixels", fontsize=10)
        axes.set_axis_off()
    return figure


def field_of(footprint: np.ndarray) -> tuple[int, int, int, int]:
    """Top, left, height and width of the smallest frame around all that is not zero."""
    rows, columns = (np.flatnonzero(footprint.any(axis=axis)) for axis in (1, 0))
    return rows[0], columns[0], rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
