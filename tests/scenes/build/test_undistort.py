"""Photos without distortion: a pinhole sees straight lines straight."""

import numpy as np
import pytest
from PIL import Image

from posenet_lib.scenes.build.undistort import Lens, black_share, pinhole_for, through_pinhole


def photo_by(lens: Lens) -> Image.Image:
    """What the lens sees of a plane at distance 1 with a bright vertical line at x = 0.4: bent, if the lens bends."""
    width, height = lens.size_px
    column, row = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    x, y = (column - lens.cx) / lens.focal_px, (row - lens.cy) / lens.focal_px
    for _ in range(30):  # invert the bend by a fixed point
        bend = 1 + lens.k * (x * x + y * y)
        x, y = (column - lens.cx) / lens.focal_px / bend, (row - lens.cy) / lens.focal_px / bend
    grey = 255 * np.exp(-(((x - 0.4) / 0.01) ** 2))
    return Image.fromarray(np.repeat(grey[..., None], 3, axis=2).astype(np.uint8))


def line_columns(photo: Image.Image) -> np.ndarray:
    """Where the line is in each row, in pixels."""
    grey = np.asarray(photo)[..., 0].astype(float) + 1e-9
    return (grey * (np.arange(grey.shape[1]) + 0.5)).sum(axis=1) / grey.sum(axis=1)


@pytest.mark.parametrize("k", [-0.12, 0.08])
def test_a_straight_line_becomes_straight_and_lies_where_the_pinhole_says(k):
    lens = Lens(300.0, 160.0, 120.0, k, (320, 240))
    pinhole = pinhole_for(lens)
    assert np.ptp(line_columns(photo_by(lens))) > 1, "the lens bends it"
    columns = line_columns(through_pinhole(photo_by(lens), lens, pinhole))
    assert np.ptp(columns) < 0.3
    assert np.allclose(columns, 0.4 * pinhole.matrix[0, 0] + 160, atol=0.3)


@pytest.mark.parametrize("k", [-0.12, 0.0, 0.08])
def test_no_corner_is_black_and_nothing_is_wasted(k):
    lens = Lens(300.0, 160.0, 120.0, k, (320, 240))
    pinhole = pinhole_for(lens)
    white = Image.new("RGB", lens.size_px, (255, 255, 255))
    assert np.asarray(through_pinhole(white, lens, pinhole)).min() == 255
    assert black_share(lens, pinhole) == 0
    assert pinhole.matrix[0, 0] <= 300 * max(1, 1 + k * 0.5), "not longer than it must be"


def test_no_distortion_changes_nothing():
    lens = Lens(300.0, 160.0, 120.0, 0.0, (320, 240))
    pixels = np.random.default_rng(0).integers(0, 256, (240, 320, 3), dtype=np.uint8)
    assert (np.asarray(through_pinhole(Image.fromarray(pixels), lens, pinhole_for(lens))) == pixels).all()


def test_a_camera_that_sees_less_leaves_black_borders():
    wide, narrow = Lens(300.0, 160.0, 120.0, 0.0, (320, 240)), Lens(600.0, 160.0, 120.0, 0.0, (320, 240))
    white = Image.new("RGB", (320, 240), (255, 255, 255))
    made = np.asarray(through_pinhole(white, narrow, pinhole_for(wide)))
    assert made[120, 160].min() == 255
    assert made[5, 5].max() == 0
    assert black_share(narrow, pinhole_for(wide)) == pytest.approx(0.75, abs=0.02)
