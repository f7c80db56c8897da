"""Tiny scenes with everything that depth, motion and flow need: flat walls at known depths, made with NumPy."""

import numpy as np
import pytest
import torch
from PIL import Image

from posenet_lib.geometry.intrinsics import write_intrinsics
from posenet_lib.scenes.depth_file import write_depth, write_flow
from posenet_lib.scenes.pose_list import pose_list_text
from posenet_lib.scenes.scene import load_scene

WIDTH, HEIGHT, FOCAL, DEPTH_M, BASELINE_M = 64, 48, 48.0, 3.0, 0.25  # a disparity of 4 pixels
CAMERA = np.array([[FOCAL, 0, WIDTH / 2], [0, FOCAL, HEIGHT / 2], [0, 0, 1]])
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
    write_intrinsics(folder / "camera-intrinsics.txt", CAMERA)
    (folder / "baseline.txt").write_text(f"{BASELINE_M}\n")
    return load_scene(folder)


SIDE, LATER = 16, 3  # of the square in pixels; flow is to the photo so much later
WALL_PX, SQUARE_PX = -2.0 * LATER, -1.0 * LATER  # how far both go to the right in that time


def square_at(k: int) -> tuple[slice, slice]:
    """Rows and columns of a square that moves by itself, in the k-th photo."""
    return slice(14, 14 + SIDE), slice(30 - k, 30 - k + SIDE)


def moving_photo(x_m: float, k: int) -> np.ndarray:
    """The wall, and before it the square."""
    photo = wall(x_m)
    y, x = np.mgrid[:SIDE, :SIDE]
    waves = [np.sin(0.9 * x), np.cos(0.8 * y + 0.5 * x), np.sin(0.7 * x - 0.6 * y)]
    photo[square_at(k)] = np.clip(127 + 110 * np.stack(waves, axis=-1), 0, 255)
    return photo


def moving_truth(k: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Exact flow (H, W, 2) from the k-th photo to the one `LATER`, what is hidden there, what moves, bool (H, W)."""
    moving = np.zeros((HEIGHT, WIDTH), dtype=bool)
    moving[square_at(k)] = True
    flow = np.zeros((HEIGHT, WIDTH, 2), dtype=np.float32)
    flow[..., 0] = np.where(moving, SQUARE_PX, WALL_PX)
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    there = columns + int(WALL_PX)
    covered = np.zeros((HEIGHT, WIDTH), dtype=bool)
    covered[square_at(k + LATER)] = True
    hidden = ~moving & ((there < 0) | covered[rows, np.maximum(there, 0)])
    return flow, hidden, moving


def moving_flows() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Exact flows [1, 2, H, W] from the first photo to the one `LATER` and back, and what is hidden there."""
    flow, hidden, _ = moving_truth(0)
    back = np.zeros_like(flow)
    back[..., 0] = np.where(moving_truth(LATER)[2], -SQUARE_PX, -WALL_PX)
    both = (torch.from_numpy(one).permute(2, 0, 1)[None] for one in (flow, back))
    return *both, torch.from_numpy(hidden)[None, None]


@pytest.fixture(scope="session")
def moving_scene(tmp_path_factory):
    """Two walks for training, one for testing, along the wall with the square; depth and exact flow beside them."""
    folder = tmp_path_factory.mktemp("moving")
    for split, walks in {"train": ("walk1", "walk2"), "test": ("walk3",)}.items():
        rows = []
        for walk in walks:
            for k in range(8):
                x, file = 2.0 * int(walk[-1]) + STEP_M * k, f"frame{k + 1:05d}"
                pictures = {"": moving_photo(x, k)}
                if k + LATER < 8:
                    flow, hidden, moving = moving_truth(k)
                    pictures |= {".hidden": 255 * hidden.astype(np.uint8), ".moving": 255 * moving.astype(np.uint8)}
                    write_flow(folder / f"{walk}.flow" / f"{file}.flo", flow)
                for suffix, picture in pictures.items():
                    path = folder / f"{walk}{suffix}" / f"{file}.png"
                    path.parent.mkdir(exist_ok=True)
                    Image.fromarray(picture).save(path)
                write_depth(folder / f"{walk}.depth" / f"{file}.png", np.full((HEIGHT, WIDTH), DEPTH_M))
                rows.append((f"{walk}/{file}.png", np.array([x, 0.0, 0.0]), np.array([1.0, 0, 0, 0])))
        (folder / f"dataset_{split}.txt").write_text(pose_list_text(rows))
    write_intrinsics(folder / "camera-intrinsics.txt", CAMERA)
    return load_scene(folder)
