"""The camera of PracticeCourt: a pinhole with square pixels and the principal point at the centre of the photo."""

import math
import zlib

import numpy as np

from posenet_lib.geometry import quaternion

WIDTH, HEIGHT = 480, 270
HORIZONTAL_VIEW_DEG = 68.0
LENS_BLUR = 0.13  # share of a pixel's light that falls on each neighbour


def intrinsics(width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    """Camera matrix (3, 3) in pixels; pixel (column, row) has its centre at (column + 0.5, row + 0.5).

    The field of view is fixed across the photo's width, so other sizes show the same width of the scene.
    """
    focal = width / 2 / math.tan(math.radians(HORIZONTAL_VIEW_DEG / 2))
    return np.array([[focal, 0, width / 2], [0, focal, height / 2], [0, 0, 1]])


def image_plane(width: int, height: int, supersample: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates of the (sub)pixel centres on the plane z = 1: x (W * s,) to the right and y (H * s,) downwards."""
    camera = intrinsics(width, height)
    column = (np.arange(width * supersample) + 0.5) / supersample
    row = (np.arange(height * supersample) + 0.5) / supersample
    return (column - camera[0, 2]) / camera[0, 0], (row - camera[1, 2]) / camera[1, 1]


def lens_shading(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Share of the light that arrives, (H, W), at coordinates x (W,) and y (H,) of the plane z = 1: less at corners."""
    return 1 - 0.22 * (x[None, :] ** 2 + y[:, None] ** 2)


def looking(yaw_deg: float, pitch_deg: float = 0.0, roll_deg: float = 0.0) -> np.ndarray:
    """World-to-camera quaternion wxyz (4,) of a camera that looks along yaw (ccw from east), pitched up."""
    yaw, pitch, roll = (math.radians(a) for a in (yaw_deg, pitch_deg, roll_deg))
    forward = np.array([math.cos(pitch) * math.cos(yaw), math.cos(pitch) * math.sin(yaw), math.sin(pitch)])
    right = np.array([math.sin(yaw), -math.cos(yaw), 0.0])
    down = np.cross(forward, right)
    rolled_right = math.cos(roll) * right + math.sin(roll) * down
    return quaternion.from_matrix(np.stack([rolled_right, np.cross(forward, rolled_right), forward]))


def develop(levels: np.ndarray, position_m: np.ndarray, quaternion_wxyz: np.ndarray, noise_seed: int) -> np.ndarray:
    """Add lens blur, lens shading and sensor noise to levels 0..255 (H, W, 3) float -> uint8.

    The noise is drawn from a generator seeded with the pose, so that the same call gives the same photo.
    """
    height, width = levels.shape[:2]
    for axis in (0, 1):  # a real lens is not as sharp as a ray
        before, after = (
            np.take(levels, np.clip(np.arange(levels.shape[axis]) + d, 0, levels.shape[axis] - 1), axis)
            for d in (-1, 1)
        )
        levels = (1 - 2 * LENS_BLUR) * levels + LENS_BLUR * (before + after)
    levels = levels * lens_shading(*image_plane(width, height))[..., None]
    seed = zlib.crc32(np.concatenate([position_m, quaternion_wxyz]).round(6).astype("<f8").tobytes())
    grain = np.random.default_rng([seed, noise_seed]).normal(0, 0.8, (height, width, 1))
    return np.clip(np.rint(levels + grain), 0, 255).astype(np.uint8)
