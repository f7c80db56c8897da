"""Figures described in words."""

import numpy as np
from bs4 import BeautifulSoup

from posenet_lib.plots import plot_photos, plot_runs
from posenet_lib.plots.figure import describe
from posenet_lib.training.history import EpochRecord
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


def test_runs_of_one_kind_share_a_line_in_the_key():
    def run(offset):
        return [EpochRecord(k, 1.0, 1.0, 2.0 / k + offset, 20.0 / k, 1e-3, 30.0 * k, 50.0) for k in (1, 2, 3)]

    figure = plot_runs({"from other courts": [run(0), run(0.1)], "from scratch": run(1)})
    position, rotation = figure.axes
    assert [text.get_text() for text in position.get_legend().get_texts()] == ["from other courts", "from scratch"]
    assert len(position.lines) == len(rotation.lines) == 3
    assert list(position.lines[0].get_xdata()) == [0.5, 1.0, 1.5]
    assert position.lines[0].get_color() == position.lines[1].get_color() != position.lines[2].get_color()


def test_many_runs_have_lines_that_all_differ_and_a_key_of_their_own():
    run = [EpochRecord(k, 1.0, 1.0, 200.0 / k, 90.0 / k, 1e-3, 30.0 * k, 50.0) for k in (1, 2, 3)]
    figure = plot_runs({f"variant {k}": run for k in range(9)}, log=True)
    position = figure.axes[0]
    assert len({(line.get_color(), line.get_linestyle()) for line in position.lines}) == 9
    assert position.get_legend() is None and len(figure.legends[0].get_texts()) == 9
    assert position.get_yscale() == "log"
