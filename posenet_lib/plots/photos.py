"""Photos in a row, and a photo beside what was predicted for it."""

from collections.abc import Sequence

import numpy as np

from posenet_lib.geometry.poses import PoseArray
from posenet_lib.plots.figure import Figure


def plot_photos(photos: Sequence[np.ndarray], titles: Sequence[str], *, width_inches: float = 4.0) -> Figure:
    """Photos (H, W, 3) uint8 (or floats in 0..1) side by side, with pixel axes left off.

    Raises:
        ValueError: the numbers of photos and titles differ.
    """
    if len(photos) != len(titles):
        raise ValueError(f"{len(photos)} photos for {len(titles)} titles")
    height, width = np.asarray(photos[0]).shape[:2]
    size = (width_inches * len(photos), width_inches * height / width + 0.5)
    figure = Figure(figsize=size, layout="constrained")
    for axes, photo, title in zip(figure.subplots(1, len(photos), squeeze=False)[0], photos, titles, strict=True):
        axes.imshow(photo)
        axes.set_title(title, fontsize=10)
        axes.set_axis_off()
    return figure


def plot_prediction(
    photo: np.ndarray,
    view: np.ndarray,
    view_title: str,
    true: PoseArray,
    predicted: PoseArray,
    error_text: str,
    unit: str = "m",
) -> Figure:
    """A photo beside the view that its prediction stands for, with both poses in words below.

    Args:
        view: the view rendered from the predicted pose, or the training photo nearest to it.
        true, predicted: one pose each, (1, 3) and (1, 4).
        unit: of positions.
    """
    figure = plot_photos([photo, view], ["the photo", view_title], width_inches=4.6)
    figure.set_size_inches(figure.get_figwidth(), figure.get_figheight() + 0.7)
    figure.supxlabel(
        f"label      {pose_text(true, unit)}\npredicted  {pose_text(predicted, unit)}\n{error_text}",
        fontsize=9,
        family="monospace",
        multialignment="left",
    )
    return figure


def pose_text(pose: PoseArray, unit: str) -> str:
    """One pose in words."""
    position = ", ".join(f"{value:6.2f}" for value in pose.position_m[0])
    orientation = ", ".join(f"{value:6.3f}" for value in pose.quaternion_wxyz[0])
    return f"x = ({position}) {unit}, q = ({orientation}) wxyz"
