"""Figures described in words."""

import numpy as np
from bs4 import BeautifulSoup

from posenet_lib.plots import plot_photos
from posenet_lib.plots.figure import describe
from posenet_lib.workbook.pictures import plot_lines


def test_figures_are_described_by_what_is_in_them():
    lines = plot_lines(np.arange(5), {"red": np.arange(5), "blue": np.arange(5)}, "row", "mean value")
    assert describe(lines) == "Figure: plot, axes row, mean value, showing red, blue."
    photos = plot_photos([np.zeros((4, 6, 3))] * 2, ["the <photo>", "mean"])
    assert describe(photos) == "Figure: the <photo>; mean."
    shown = photos._repr_mimebundle_()
    assert shown["text/plain"] == describe(photos)
    image = BeautifulSoup(shown["text/html"], "html.parser").img
    assert image["alt"] == describe(photos)
    assert image["src"].startswith("data:image/png;base64,")
