"""Cameras from above."""

import numpy as np
from PIL import Image

from posenet_lib.geometry.poses import PoseArray
from posenet_lib.plots import plot_cameras, save_figure


def test_no_label_of_a_picture_is_cut_off(tmp_path):
    """Cameras whose heights differ, as a hand-held one's do, make a tall plot: its labels reach below the figure."""
    positions_m = np.random.default_rng(0).uniform(0, (1.9, 0.6, 1.0), (200, 3))
    poses = PoseArray(positions_m, np.tile((1.0, 0, 0, 0), (200, 1)))
    save_figure(plot_cameras(poses), tmp_path / "cameras.png")
    pixels = np.asarray(Image.open(tmp_path / "cameras.png").convert("L"))
    assert all(line.min() == 255 for line in (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]))
