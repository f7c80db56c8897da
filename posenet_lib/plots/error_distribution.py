"""Errors over all test photos: for each method, the share of photos with at most a given error."""

from collections.abc import Mapping

import numpy as np

from posenet_lib.evaluation.errors import PoseErrors
from posenet_lib.plots.figure import Figure
from posenet_lib.plots.style import LINE_STYLES, SERIES


def plot_error_cdf(errors: Mapping[str, PoseErrors], unit: str = "m") -> Figure:
    """Share of photos with at most a given error, one line for each method; the medians are where a line crosses 50 %.

    Axes end at the 98th percentile of all, so that a few wild answers don't flatten the rest.
    """
    figure = Figure(figsize=(10, 4.5), layout="constrained")
    for axes, quantity, of in zip(
        figure.subplots(1, 2, sharey=True), ("position_m", "rotation_deg"), (unit, "degrees"), strict=True
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
        axes.set_xlabel(f"{quantity.split('_')[0]} error ({of})")
        axes.grid(alpha=0.25)
        axes.set_title(f"{quantity.split('_')[0].capitalize()} error")
    figure.axes[0].set_ylabel("test photos with at most this error (%)")
    figure.legend(*figure.axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure
