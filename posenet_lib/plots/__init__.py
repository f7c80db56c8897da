"""Figures from data: nothing here computes a metric. Functions return a Matplotlib figure and show nothing."""

from posenet_lib.plots.calibration import plot_calibration
from posenet_lib.plots.cameras import plot_cameras, plot_trajectory
from posenet_lib.plots.depth import plot_depths, plot_masks, plot_paths, plot_warp
from posenet_lib.plots.error_distribution import plot_error_cdf
from posenet_lib.plots.flow import flow_colours, plot_flows
from posenet_lib.plots.photos import plot_photos, plot_prediction
from posenet_lib.plots.saving import check_picture, save_figure
from posenet_lib.plots.scene_map import plot_map
from posenet_lib.plots.training_curves import plot_history, plot_runs
from posenet_lib.plots.turnable import TurnableCameras

__all__ = [
    "TurnableCameras",
    "check_picture",
    "flow_colours",
    "plot_calibration",
    "plot_cameras",
    "plot_depths",
    "plot_error_cdf",
    "plot_flows",
    "plot_history",
    "plot_map",
    "plot_masks",
    "plot_paths",
    "plot_photos",
    "plot_prediction",
    "plot_runs",
    "plot_trajectory",
    "plot_warp",
    "save_figure",
]
