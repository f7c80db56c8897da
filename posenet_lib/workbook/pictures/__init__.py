"""Figures that only the notebooks need. Like `posenet_lib.plots`: data in, figure out; none of it imports torch."""

from posenet_lib.workbook.pictures.curves import plot_lines, plot_loss_surfaces, plot_points
from posenet_lib.workbook.pictures.layers import field_of, plot_bars, plot_feature_maps, plot_receptive_fields
from posenet_lib.workbook.pictures.maps import PhotoBesideView, PhotoOnMap, plot_top_view
from posenet_lib.workbook.pictures.pixels import CropOfPhoto, plot_channels, plot_differences, plot_histogram

__all__ = [
    "CropOfPhoto",
    "PhotoBesideView",
    "PhotoOnMap",
    "field_of",
    "plot_bars",
    "plot_channels",
    "plot_differences",
    "plot_feature_maps",
    "plot_histogram",
    "plot_lines",
    "plot_loss_surfaces",
    "plot_points",
    "plot_receptive_fields",
    "plot_top_view",
]
