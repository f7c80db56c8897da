"""Colours and lines that every reader can tell apart."""

import numpy as np
import pytest


def colour_blind(rgb: np.ndarray, kind: str) -> np.ndarray:
    """How a colour (0..1, sRGB) looks without one kind of cone (Vienot, Brettel and Mollon, 1999)."""
    matrix = {
        "protan": [[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]],
        "deutan": [[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]],
    }[kind]
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return np.clip(np.asarray(matrix) @ linear, 0, 1)


def test_lines_differ_without_colour():
    """Colour never carries it alone: each line of a figure has its own dash pattern, each kind of point its marker."""
    from posenet_lib.plots import style
    from posenet_lib.workbook.pictures import plot_lines

    assert len(set(style.LINE_STYLES)) == len(style.SERIES) == 4
    figure = plot_lines(np.arange(30), {name: np.arange(30) for name in "abcd"}, "x", "y")
    assert len({line.get_linestyle() for line in figure.axes[0].lines}) == 4


@pytest.mark.parametrize("kind", ["protan", "deutan"])
def test_colours_of_training_test_and_prediction_stay_apart_for_colour_blind_readers(kind):
    from matplotlib.colors import to_rgb

    from posenet_lib.plots import style

    for first, second in ((style.TRAIN, style.TEST), (style.TRAIN, style.PREDICTED), (style.TEST, style.PREDICTED)):
        one, two = (colour_blind(np.array(to_rgb(colour)), kind) for colour in (first, second))
        assert np.abs(one - two).max() > 0.3
