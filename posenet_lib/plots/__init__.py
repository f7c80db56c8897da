"""Figures from data: nothing here computes a metric. Every function returns a Matplotlib figure and shows nothing."""

from posenet_lib.plots.cameras import plot_cameras, plot_trajectory
from posenet_lib.plots.photos import plot_photos, plot_prediction
from posenet_lib.plots.results import plot_error_cdf, plot_history
from posenet_lib.plots.saving import check_picture, save_figure
from posenet_lib.plots.uncertainty import plot_calibration

__all__ = [
    "check_picture",
    "plot_calibration",
    "plot_cameras",
    "plot_error_cdf",
    "plot_history",
    "plot_photos",
    "plot_prediction",
    "plot_trajectory",
    "save_figure",
]
