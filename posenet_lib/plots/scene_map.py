"""What structure from motion found: cameras and points, from above and from the side."""

import numpy as np
from matplotlib.axes import Axes

from posenet_lib.geometry.poses import PoseArray
from posenet_lib.plots.cameras import view_directions
from posenet_lib.plots.figure import Figure
from posenet_lib.plots.style import TEST, TRAIN

_MOST_POINTS = 40_000
_AROUND = 0.6  # of the size of the cameras and the middle of the points: what is drawn beyond them


def plot_map(
    train: PoseArray, test: PoseArray | None, points: np.ndarray, rgb: np.ndarray, *, unit: str = "m"
) -> Figure:
    """Cameras with their viewing directions among coloured points; z is up.

    Args:
        train, test: the cameras.
        points: (P, 3) in the scene's frame; the few far away are left out of the picture.
        rgb: (P, 3) uint8, their colours.
        unit: of the axes.
    """
    if len(points) > _MOST_POINTS:
        chosen = np.random.default_rng(0).choice(len(points), _MOST_POINTS, replace=False)
        points, rgb = points[chosen], rgb[chosen]
    figure = Figure(figsize=(12, 5.2), layout="constrained")
    above, aside = figure.subplots(1, 2)
    for axes, (across, up), title in ((above, (0, 1), "from above"), (aside, (0, 2), "from the side")):
        axes.scatter(*points[:, [across, up]].T, s=1.5, c=rgb / 255.0, linewidths=0, rasterized=True)
        for poses, label, colour, marker in ((train, "training", TRAIN, "o"), (test, "test", TEST, "^")):
            if poses is not None:
                _cameras(axes, poses, across, up, f"{len(poses.position_m)} {label} photos", colour, marker)
        axes.set_xlabel(f"x ({unit})")
        axes.set_ylabel(f"{'xyz'[up]} ({unit})")
        low, high = _limits(train, points)
        axes.set_xlim(low[across], high[across])
        axes.set_ylim(low[up], high[up])
        axes.set_aspect("equal")
        axes.set_title(f"Cameras and points {title}")
    figure.legend(*above.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure


def _cameras(axes: Axes, poses: PoseArray, across: int, up: int, label: str, colour: str, marker: str) -> None:
    x, y = poses.position_m[:, [across, up]].T
    looks = view_directions(poses)[:, [across, up]]
    axes.quiver(x, y, *looks.T, color=colour, width=0.003, scale=25, alpha=0.7)
    axes.plot(x, y, marker, color=colour, ms=3.5, mec="0.2", mew=0.3, label=label)


def _limits(train: PoseArray, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Corners of the box that is drawn, (3,) each."""
    middle = np.percentile(points, (10, 90), axis=0)
    low = np.minimum(middle[0], train.position_m.min(axis=0))
    high = np.maximum(middle[1], train.position_m.max(axis=0))
    room = _AROUND * 0.5 * (high - low).max() * np.ones(3)
    return low - room, high + room
