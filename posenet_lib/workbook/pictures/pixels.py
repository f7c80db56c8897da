"""Pixels on their way into the network: differences, crops, channels, and how their values are distributed."""

from collections.abc import Mapping

import numpy as np
from matplotlib.patches import Rectangle

from posenet_lib.plots.figure import Figure
from posenet_lib.plots.stage import Picture, Stage
from posenet_lib.plots.style import BLUE, ORANGE, VERMILION


def plot_differences(differences: Mapping[str, np.ndarray]) -> Figure:
    """Differences (H, W, 3) in -255..255 as pictures (grey means zero), with the values' histogram below each."""
    figure = Figure(figsize=(4.2 * len(differences), 5.2), layout="constrained")
    pictures, histograms = figure.subplots(2, len(differences), height_ratios=(1.5, 1), squeeze=False, sharex="row")
    for (title, values), picture, histogram in zip(differences.items(), pictures, histograms, strict=True):
        values = np.asarray(values, dtype=np.float32)
        picture.imshow((values + 255) / 510)
        picture.set_title(title, fontsize=10)
        picture.set_axis_off()
        histogram.hist(values.ravel(), bins=np.linspace(-255, 255, 86), color=BLUE, density=True)
        histogram.axvline(0, color="0.3", lw=0.8)
        histogram.set_xlabel("value after subtraction (0..255 scale)")
        histogram.set_yticks([])
    histograms[0].set_ylabel("share of values")
    return figure


class CropOfPhoto:
    """A photo with the crop's frame, and the crop beside it: called with a corner (top, left), it returns the picture.

    Axes count pixels. The photo is drawn once, so that sliders answer at once.
    """

    def __init__(self, photo: np.ndarray, size: int = 224):
        self._photo, self._size = photo, size
        height, width = photo.shape[:2]
        figure = Figure(figsize=(10, 3.9), layout="constrained")
        whole, part = figure.subplots(1, 2, width_ratios=(width / height, 1))
        whole.imshow(photo)
        edges = (("white", 4), (VERMILION, 2))
        self._frames = [Rectangle((0, 0), size, size, fill=False, edgecolor=colour, lw=lw) for colour, lw in edges]
        for frame in self._frames:
            whole.add_patch(frame)
        whole.set_title(f"resized photo, {width} x {height} pixels")
        self._crop = part.imshow(photo[:size, :size])
        part.set_title(f"crop, {size} x {size} pixels")
        for axes in (whole, part):
            axes.set_xlabel("column (pixels)")
        whole.set_ylabel("row (pixels)")
        self._stage = Stage(figure, *self._frames, self._crop)

    def __call__(self, top: int, left: int) -> Picture:
        """The picture of the crop whose upper left corner is at (top, left)."""
        for frame in self._frames:
            frame.set_xy((left - 0.5, top - 0.5))
        self._crop.set(data=self._photo[top : top + self._size, left : left + self._size])
        return self._stage.picture()


def plot_channels(image: np.ndarray) -> Figure:
    """A network input (3, H, W): each channel as a map with one colour scale."""
    figure = Figure(figsize=(11, 3.4), layout="constrained")
    panels = figure.subplots(1, 3)
    for axes, channel, name in zip(panels, image, ("red", "green", "blue"), strict=True):
        shown = axes.imshow(channel, cmap="cividis", vmin=-3, vmax=1)
        axes.set_title(f"{name} channel", fontsize=10)
        axes.set_axis_off()
    figure.colorbar(shown, ax=panels, label="network input (no unit)", shrink=0.85)
    return figure


def plot_histogram(values: Mapping[str, np.ndarray], x_label: str) -> Figure:
    """Distributions of values, one outline each."""
    figure = Figure(figsize=(8, 3.2), layout="constrained")
    axes = figure.add_subplot()
    everything = np.concatenate([np.ravel(part) for part in values.values()])
    bins = np.linspace(everything.min(), everything.max(), 80)
    for (label, part), colour, style in zip(values.items(), (BLUE, VERMILION, ORANGE), ("-", "--", "-."), strict=False):
        axes.hist(np.ravel(part), bins=bins, histtype="step", color=colour, ls=style, lw=2, density=True, label=label)
    axes.set_xlabel(x_label)
    axes.set_ylabel("density")
    axes.legend()
    return figure
