"""Pictures of depths."""

import numpy as np

from posenet_lib.plots.depth import plot_depths


def test_depths_in_any_unit_fill_the_colours_and_unknown_ones_stay_grey():
    photo = np.zeros((6, 8, 3), np.uint8)
    depth_mm = np.linspace(2000.0, 9000.0, 48).reshape(6, 8)
    figure = plot_depths([photo, photo], {"found": [depth_mm, np.zeros((6, 8))]}, unit="mm")
    known, unknown = (axes.images[0] for axes in figure.axes[2:4])
    assert known.norm(1 / depth_mm).max() > 0.95
    assert np.ma.getmaskarray(unknown.get_array()).all()
    assert figure.axes[-1].get_ylabel() == "1 / depth (1/mm)"


def test_the_sky_is_as_far_as_can_be():
    depth_m = np.full((2, 4, 4), 5.0)
    depth_m[:, :2] = np.inf
    figure = plot_depths(np.zeros((2, 4, 4, 3), np.uint8), {"predicted": depth_m}, depth_m)
    assert (np.asarray(figure.axes[2].images[0].get_array())[:2] == 0).all()
