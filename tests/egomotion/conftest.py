"""A tiny scene with everything that depth and motion need: flat walls at known depths, made with NumPy."""

import numpy as np
import pytest
from PIL import Image

from posenet_lib.geometry.intrinsics import write_intrinsics
from posenet_lib.scenes.depth_file import write_depth
from posenet_lib.scenes.pose_list import pose_list_text
from posenet_lib.scenes.scene import load_scene

WIDTH, HEIGHT, FOCAL, DEPTH_M, BASELINE_M = 64, 48, 48.0, 3.0, 0.25  # a disparity of 4 pixels
STEP_M = 0.125  # sideways from photo to photo: 2 pixels


def wall(x_m: float) -> np.ndarray:
    """What a camera at x sees of a painted wall 3 m ahead, (H, W, 3) uint8."""
    columns = (np.arange(WIDTH) + 0.5 - WIDTH / 2) / FOCAL * DEPTH_M + x_m
    rows = (np.arange(HEIGHT) + 0.5 - HEIGHT / 2) / FOCAL * DEPTH_M
    x, y = np.meshgrid(columns, rows)
    waves = [np.sin(3.1 * x + 1.3 * y), np.sin(5.3 * x - 2.1 * y), np.sin(1.7 * x) * np.cos(4.1 * y)]
    return np.clip(127 + 90 * np.stack(waves, axis=-1), 0, 255).astype(np.uint8)


@pytest.fixture(scope="session")
def wall_scene(tmp_path_factory):
    """Three walks along the wall for training, one for testing; right photos and depth beside every photo."""
    folder = tmp_path_factory.mktemp("wall")
    lists = {"train": ("walk1", "walk2", "walk3"), "test": ("walk4",)}
    for split, walks in lists.items():
        rows = []
        for number, walk in enumerate(walks):
            for k in range(6):
                x = 3.0 * number + 7.0 * (split == "test") + STEP_M * k
                name = f"{walk}/frame{k + 1:05d}.png"
                for suffix, at in (("", x), (".right", x + BASELINE_M)):
                    path = folder / f"{walk}{suffix}" / f"frame{k + 1:05d}.png"
                    path.parent.mkdir(exist_ok=True)
                    Image.fromarray(wall(at)).save(path)
                write_depth(folder / f"{walk}.depth" / f"frame{k + 1:05d}.png", np.full((HEIGHT, WIDTH), DEPTH_M))
                rows.append((name, np.array([x, 0.0, 0.0]), np.array([1.0, 0, 0, 0])))
        (folder / f"dataset_{split}.txt").write_text(pose_list_text(rows[::-1]))  # in no order
    write_intrinsics(
        folder / "camera-intrinsics.txt", np.array([[FOCAL, 0, WIDTH / 2], [0, FOCAL, HEIGHT / 2], [0, 0, 1]])
    )
    (folder / "baseline.txt").write_text(f"{BASELINE_M}\n")
    return load_scene(folder)
