"""Numbers over time and over photos: training curves, error distributions."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.ticker import LogLocator

from posenet_lib.evaluation.errors import PoseErrors
from posenet_lib.plots.figure import Figure
from posenet_lib.plots.style import BLUE, LINE_STYLES, ORANGE, SERIES
from posenet_lib.training.history import EpochRecord


def plot_error_cdf(errors: Mapping[str, PoseErrors]) -> Figure:
    """Share of photos with at most a given error, one line for each method; the medians are where a line crosses 50 %.

    Axes end at the 98th percentile of all, so that a few wild answers don't flatten the rest.
    """
    figure = Figure(figsize=(10, 4.5), layout="constrained")
    for axes, quantity, unit in zip(
        figure.subplots(1, 2, sharey=True), ("position_m", "rotation_deg"), ("m", "degrees"), strict=True
    ):
        limit = 0.0
        for index, (label, values) in enumerate(errors.items()):
            ordered = np.sort(getattr(values, quantity))
            share = np.arange(1, len(ordered) + 1) / len(ordered)
            style = LINE_STYLES[index % len(LINE_STYLES)]
            axes.step(ordered, 100 * share, style, where="post", color=SERIES[index % len(SERIES)], lw=2, label=label)
            limit = max(limit, float(np.percentile(ordered, 98)))
        axes.axhline(50, color="0.7", lw=0.8)
        axes.set_xlim(0, limit or 1)
        axes.set_ylim(0, 100)
        axes.set_xlabel(f"{quantity.split('_')[0]} error ({unit})")
        axes.grid(alpha=0.25)
        axes.set_title(f"{quantity.split('_')[0].capitalize()} error")
    figure.axes[0].set_ylabel("test photos with at most this error (%)")
    figure.legend(*figure.axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure


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
        loss.set_yscale("log")
        loss.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        loss.yaxis.set_major_formatter("{x:g}")
        loss.yaxis.set_minor_formatter("")
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
