"""Where the cameras are: in 3-D with their viewing directions, and from above with the errors of predictions."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.plots.figure import Figure
from posenet_lib.plots.style import PREDICTED, TEST, TRAIN

if TYPE_CHECKING:
    from posenet_lib.scenes.practice_court import Outline


def plot_cameras(
    train: PoseArray, test: PoseArray | None = None, *, every: int = 4, arrow_m: float | None = None, unit: str = "m"
) -> Figure:
    """Camera centres in 3-D, with the viewing direction of every `every`-th camera; `unit` is that of the axes."""
    figure = Figure(figsize=(8, 4.6))
    axes = figure.add_axes((0, 0, 1, 0.94), projection="3d")
    extent = np.ptp(train.position_m, axis=0).max()
    for poses, label, colour, marker in ((train, "training", TRAIN, "o"), (test, "test", TEST, "^")):
        if poses is None:
            continue
        x, y, z = poses.position_m.T
        axes.scatter(x, y, z, s=9, c=colour, marker=marker, label=f"{len(x)} {label} photos", depthshade=False)
        looks = view_directions(poses)[::every] * (arrow_m or 0.06 * extent)
        axes.quiver(x[::every], y[::every], z[::every], *looks.T, color=colour, linewidth=0.8, alpha=0.6)
    axes.set_xlabel(f"x ({unit})", labelpad=12)
    axes.set_ylabel(f"y ({unit})", labelpad=6)
    axes.set_zlabel(f"z ({unit})")
    for axis, limits in (("x", axes.get_xlim()), ("y", axes.get_ylim()), ("z", axes.get_zlim())):
        # Cameras carried by hand stay at one height: without room around them that axis would have no length.
        room = max(0.0, 0.25 * extent - (limits[1] - limits[0])) / 2
        axes.set(**{f"{axis}lim": (limits[0] - room, limits[1] + room)})
        axes.locator_params(axis=axis, nbins=3 if room else 6)
    axes.set_aspect("equal")
    axes.set_box_aspect([np.ptp(limits) for limits in (axes.get_xlim(), axes.get_ylim(), axes.get_zlim())], zoom=1.25)
    figure.legend(loc="upper left")
    axes.set_title("Cameras and where they look")
    return figure


def plot_trajectory(
    true: PoseArray,
    predicted: PoseArray | None = None,
    train: PoseArray | None = None,
    outlines: Sequence["Outline"] = (),
    unit: str = "m",
) -> Figure:
    """The scene from above: true test cameras, predictions, and a line from each prediction to its truth."""
    figure = Figure(figsize=(9, 6.5), layout="constrained")
    axes = figure.add_subplot()
    across, up, names = ground_axes(train or true)
    draw_outlines(axes, outlines)
    if train is not None:
        axes.plot(*train.position_m[:, [across, up]].T, ".", color=TRAIN, ms=3, alpha=0.4, label="training photos")
    start = true.position_m[:, [across, up]]
    if predicted is not None:
        end = predicted.position_m[:, [across, up]]
        links = np.stack([start, end, np.full_like(start, np.nan)], axis=1).reshape(-1, 2)
        axes.plot(*links.T, "-", color="0.35", lw=0.9, label="error")
        axes.plot(*end.T, "x", color=PREDICTED, ms=6, label="predicted")
    axes.plot(*start.T, "^", color=TEST, ms=5, mec="0.2", mew=0.4, label="true test photos")
    axes.set_xlabel(f"{names[0]} ({unit})")
    axes.set_ylabel(f"{names[1]} ({unit})")
    axes.set_aspect("equal")
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1))
    axes.set_title("Test cameras from above")
    return figure


def view_directions(poses: PoseArray) -> np.ndarray:
    """(N, 3) unit vectors in the world along which the cameras look: their +z."""
    return quaternion.to_matrix(poses.quaternion_wxyz)[:, 2, :]


def ground_axes(poses: PoseArray) -> tuple[int, int, tuple[str, str]]:
    """The two axes to look down on: without the one along which the cameras spread least (up, for walked scenes)."""
    vertical = int(np.argmin(poses.position_m.std(axis=0)))
    across, up = (axis for axis in range(3) if axis != vertical)
    return across, up, ("xyz"[across], "xyz"[up])


def draw_outlines(axes: Axes, outlines: Sequence["Outline"]) -> None:
    """A pale ground plan under everything else: names on what is large, letters on what is small.

    The letters are in the legend, if the caller makes one. Names stand above dots and lines, on white.
    """
    small = [outline for outline in outlines if outline.label and not _has_room(outline)]
    letters = _letters([_KINDS.get(outline.label, outline.label) for outline in small])
    for outline in outlines:
        axes.add_patch(Polygon(outline.corners_m, facecolor=outline.colour, edgecolor="0.3", alpha=0.35, lw=0.8))
        if outline.label:
            kind = _KINDS.get(outline.label, outline.label)
            text = outline.label if _has_room(outline) else letters[kind]
            ground = {"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.75}
            place = {"ha": "center", "va": "center", "zorder": 4, "bbox": ground if _has_room(outline) else None}
            axes.annotate(text, np.mean(outline.corners_m, axis=0), fontsize=7.5, color="0.1", **place)
    for kind, letter in letters.items():
        axes.plot([], [], ls="", marker=f"${letter}$", color="0.15", ms=6, label=kind)


_KINDS = dict.fromkeys(("linden", "birch", "maple", "cypress"), "tree")
_NAMED = ("fountain", "statue")  # small, and what people look for


def _has_room(outline: "Outline") -> bool:
    return np.ptp(outline.corners_m, axis=0).max() > 2.5 or outline.label in _NAMED


def _letters(kinds: Sequence[str]) -> dict[str, str]:
    """For each kind a letter of its own, the first of its name that is free."""
    letters: dict[str, str] = {}
    for kind in kinds:
        free = [letter for letter in kind.upper() + "XYZ" if letter.isalpha() and letter not in letters.values()]
        letters.setdefault(kind, free[0])
    return letters
