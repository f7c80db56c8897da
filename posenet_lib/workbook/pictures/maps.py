"""Cameras on a map: the scene from above, and a photo beside the place where it was taken."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from posenet_lib.geometry.poses import PoseArray
from posenet_lib.plots.cameras import draw_outlines, ground_axes, view_directions
from posenet_lib.plots.figure import Figure
from posenet_lib.plots.style import PREDICTED, TEST, TRAIN
from posenet_lib.scenes.photos import open_photo
from posenet_lib.scenes.scene import Scene, Split
from posenet_lib.scenes.views import ground_plan

_HALF_VIEW_DEG = 34.0  # of the practice court's camera; on other scenes the wedge is a sketch


def plot_top_view(scene: Scene) -> Figure:
    """All cameras of a scene from above, on its ground plan where there is one."""
    figure = Figure(figsize=(9, 6.5), layout="constrained")
    axes = figure.add_subplot()
    _map(axes, scene)
    across, up, _ = ground_axes(scene.train.poses)
    start = scene.test.poses.position_m[:, [across, up]]
    axes.plot(*start.T, "^", color=TEST, ms=4, mec="0.2", mew=0.3, label="test photos")
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1))
    axes.set_title("The scene from above")
    return figure


def plot_photo_on_map(scene: Scene, split: Split, index: int, predicted: PoseArray | None = None) -> Figure:
    """One photo of `scene.train` or `scene.test`, beside its camera on the map, and its predicted camera if given."""
    record = split.records[index]
    figure = Figure(figsize=(13, 4.8), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.05))
    left.imshow(np.asarray(open_photo(record.image_path)))
    left.set_title(f"photo {index}: {record.name}", fontsize=10)
    left.set_axis_off()
    _map(right, scene)
    true = PoseArray(record.position_m[None], record.quaternion_wxyz[None])
    _camera(right, true, scene, TEST, "^", "its camera")
    if predicted is not None:
        one = PoseArray(predicted.position_m[index : index + 1], predicted.quaternion_wxyz[index : index + 1])
        _camera(right, one, scene, PREDICTED, "X", "predicted")
    right.legend(loc="upper left", bbox_to_anchor=(1.01, 1), fontsize=8)
    return figure


def _map(axes: Axes, scene: Scene) -> None:
    across, up, names = ground_axes(scene.train.poses)
    draw_outlines(axes, ground_plan(scene))
    axes.plot(*scene.train.poses.position_m[:, [across, up]].T, ".", color=TRAIN, ms=3, label="training photos")
    axes.set_xlabel(f"{names[0]} (m)")
    axes.set_ylabel(f"{names[1]} (m)")
    axes.set_aspect("equal")


def _camera(axes: Axes, pose: PoseArray, scene: Scene, colour: str, marker: str, label: str) -> None:
    """A marker, and a wedge that opens the way the camera looks."""
    across, up, _ = ground_axes(scene.train.poses)
    x, y = pose.position_m[0, [across, up]]
    ahead = view_directions(pose)[0, [across, up]]
    middle = np.arctan2(ahead[1], ahead[0])
    length = 0.22 * np.ptp(scene.train.poses.position_m, axis=0).max()
    angles = middle + np.radians(np.linspace(-_HALF_VIEW_DEG, _HALF_VIEW_DEG, 9))
    wedge = np.stack([x + length * np.cos(angles), y + length * np.sin(angles)], axis=1)
    axes.add_patch(Polygon([(x, y), *wedge], facecolor=colour, edgecolor="0.2", alpha=0.45, lw=0.6))
    axes.plot(x, y, marker, color=colour, ms=9, mec="0.1", mew=0.8, ls="", label=label)
