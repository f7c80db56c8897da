"""Depth, warped photos and masks side by side, and paths of a camera from above."""

from collections.abc import Mapping, Sequence

import numpy as np

from posenet_lib.plots.figure import Figure
from posenet_lib.plots.style import BLUE, ORANGE, VERMILION

LARGEST_ERROR = 0.5  # relative error at which the colour of an error picture is full
_COLOURS = (BLUE, VERMILION, ORANGE, "0.4")


def plot_warp(photos: Mapping[str, np.ndarray], residuals: Mapping[str, np.ndarray], largest: float = 30.0) -> Figure:
    """Photos (H, W, 3) in 0..1 in a row, and below them maps (H, W) of how far they are off, in 0..255."""
    columns = max(len(photos), len(residuals))
    figure = Figure(figsize=(3.3 * columns, 2 * 2.6), layout="constrained")
    above, below = figure.subplots(2, columns, squeeze=False)
    for axes in (*above, *below):
        axes.set_axis_off()
    for axes, (title, photo) in zip(above, photos.items(), strict=False):
        axes.imshow(np.clip(photo, 0, 1))
        axes.set_title(title, fontsize=10)
    shown = None
    for axes, (title, residual) in zip(below, residuals.items(), strict=False):
        shown = axes.imshow(residual, cmap="magma", vmin=0, vmax=largest)
        axes.set_title(title, fontsize=10)
    if shown is not None:
        figure.colorbar(shown, ax=list(below), label="difference (0..255)", shrink=0.9)
    return figure


def plot_depths(
    photos: Sequence[np.ndarray],
    depths_m: Mapping[str, Sequence[np.ndarray]],
    true_m: Sequence[np.ndarray] | None = None,
    *,
    unit: str = "m",
) -> Figure:
    """Photos in a row; below them depths (H, W) as nearness, and, with the truth, the last ones' relative errors.

    Where a depth is 0 or NaN, it is not known: the map is grey there. Infinite ones (sky) are as far as can be.
    """
    rows = 1 + len(depths_m) + 2 * (true_m is not None)
    figure = Figure(figsize=(2.7 * len(photos), 2.05 * rows), layout="constrained")
    axes = figure.subplots(rows, len(photos), squeeze=False)
    for one in axes.flat:
        one.set_xticks([])
        one.set_yticks([])
    for column, photo in enumerate(photos):
        axes[0, column].imshow(photo)
    axes[0, 0].set_ylabel("photo")
    everything = dict(depths_m) | ({"true depth": true_m} if true_m is not None else {})
    nearness = {title: [_nearness(depth) for depth in maps] for title, maps in everything.items()}
    known = np.concatenate([near[np.isfinite(near)] for maps in nearness.values() for near in maps])
    nearest = np.percentile(known, 99) if len(known) else 1.0
    for row, (title, maps) in enumerate(nearness.items(), 1):
        for column, near in enumerate(maps):
            axes[row, column].set_facecolor("0.7")
            shown = axes[row, column].imshow(near, cmap="magma", vmin=0, vmax=nearest)
        axes[row, 0].set_ylabel(title)
    figure.colorbar(shown, ax=list(axes[1 : 1 + len(everything)].flat), label=f"1 / depth (1/{unit})", shrink=0.6)
    if true_m is not None:
        last = list(depths_m.values())[-1]
        for column, (depth, true) in enumerate(zip(last, true_m, strict=True)):
            known = np.where(np.isfinite(true), true, np.nan)
            error = np.abs(depth - known) / known
            shown = axes[-1, column].imshow(error, cmap="cividis", vmin=0, vmax=LARGEST_ERROR)
        axes[-1, 0].set_ylabel("relative error")
        figure.colorbar(shown, ax=list(axes[-1]), label="error / depth", shrink=0.9)
    return figure


def _nearness(depth_m: np.ndarray) -> np.ndarray:
    """1 / depth; NaN where the depth is not known."""
    known = depth_m > 0
    return np.where(known, 1 / np.where(known, depth_m, 1), np.nan)


def plot_masks(photos: Sequence[np.ndarray], masks: Mapping[str, Sequence[np.ndarray]]) -> Figure:
    """Photos in a row; below them masks (H, W) in 0..1, white where 1."""
    figure = Figure(figsize=(2.9 * len(photos), 2.2 * (1 + len(masks))), layout="constrained")
    axes = figure.subplots(1 + len(masks), len(photos), squeeze=False)
    for one in axes.flat:
        one.set_xticks([])
        one.set_yticks([])
    for column, photo in enumerate(photos):
        axes[0, column].imshow(photo)
    axes[0, 0].set_ylabel("photo")
    for row, (title, maps) in enumerate(masks.items(), 1):
        for column, mask in enumerate(maps):
            axes[row, column].imshow(mask, cmap="gray", vmin=0, vmax=1)
        axes[row, 0].set_ylabel(title)
    return figure


def plot_paths(paths: Mapping[str, np.ndarray], title: str = "The camera's path from above") -> Figure:
    """Positions (N, 3) of a camera in one frame, x and y in metres; the first path is the true one."""
    figure = Figure(figsize=(6.5, 5.2), layout="constrained")
    axes = figure.add_subplot()
    for number, (label, positions) in enumerate(paths.items()):
        style = (
            {"color": "black", "lw": 3, "alpha": 0.5}
            if number == 0
            else {"color": _COLOURS[(number - 1) % 4], "lw": 1.6}
        )
        axes.plot(positions[:, 0], positions[:, 1], marker="o", ms=2.5, label=label, **style)
        axes.plot(*positions[0, :2], "s", color=style["color"], ms=6)
    axes.set_xlabel("x (m)")
    axes.set_ylabel("y (m)")
    axes.set_aspect("equal", adjustable="datalim")
    axes.set_title(title)
    axes.legend()
    return figure
