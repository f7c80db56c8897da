"""Pixels on their way into the network: differences, crops, channels, and how their values are distributed."""

from collections.abc import Mapping

import numpy as np
from matplotlib.patches import Rectangle

from posenet_lib.plots.figure import Figure
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
    histograms[0].set_ylabel("share of pixels")
    return figure


def plot_crop(photo: np.ndarray, top: int, left: int, size: int = 224) -> Figure:
    """A photo with the crop's frame, and the crop beside it; axes count pixels."""
    figure = Figure(figsize=(10, 3.9), layout="constrained")
    whole, part = figure.subplots(1, 2, width_ratios=(photo.shape[1] / photo.shape[0], 1))
    whole.imshow(photo)
    whole.add_patch(Rectangle((left - 0.5, top - 0.5), size, size, fill=False, edgecolor="white", lw=4))
    whole.add_patch(Rectangle((left - 0.5, top - 0.5), size, size, fill=False, edgecolor=VERMILION, lw=2))
    whole.set_title(f"resized photo, {photo.shape[1]} x {photo.shape[0]} pixels")
    part.imshow(photo[top : top + size, left : left + size])
    part.set_title(f"crop, {size} x {size} pixels")
    for axes in (whole, part):
        axes.set_xlabel("column (pixels)")
    whole.set_ylabel("row (pixels)")
    return figure


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
