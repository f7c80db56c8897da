"""What only a rendered world knows exactly: where each pixel goes, what moves by itself, and what gets hidden."""

from typing import NamedTuple

import numpy as np

from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.scenes.practice_court.camera import image_plane, intrinsics
from posenet_lib.scenes.practice_court.photo import render_depth
from posenet_lib.scenes.practice_court.sequence_walks import PHOTOS_PER_S, SequenceWalk

SKY_M = 1e6
FINE = 3  # depth is cast at three times the size: its middle rays are those of the pixel centres
_FIGURE_RADIUS_M = 0.55


class TrueFlow(NamedTuple):
    """From one photo to another, for each pixel of the first."""

    flow_px: np.ndarray  # (H, W, 2) to the right, down; the sky is as good as infinitely far away
    hidden: np.ndarray  # (H, W) bool: covered in the other photo, or outside of it
    moving: np.ndarray  # (H, W) bool: on a figure that walks


def fine_depth(walk: SequenceWalk, index: int, size: tuple[int, int], court_seed: int = 0) -> np.ndarray:
    """Depth of a photo at three times its size (width, height), (3 H, 3 W) metres, inf for sky."""
    width, height = (FINE * side for side in size)
    pose = walk.poses.position_m[index], walk.poses.quaternion_wxyz[index]
    return render_depth(*pose, width=width, height=height, light=walk.light_at(index), court_seed=court_seed)


def pixel_depth(fine: np.ndarray) -> np.ndarray:
    """The rays of the pixel centres, (3 H, 3 W) -> (H, W)."""
    return fine[FINE // 2 :: FINE, FINE // 2 :: FINE]


def true_flow(walk: SequenceWalk, first: int, second: int, fine_first: np.ndarray, fine_second: np.ndarray) -> TrueFlow:
    """The exact flow between two photos of a walk, from their depths (`fine_depth`)."""
    depth = pixel_depth(fine_first)
    height, width = depth.shape
    x, y = image_plane(width, height)
    rays = np.stack([*np.meshgrid(x, y), np.ones_like(depth)], axis=-1)
    points = _to_world(rays * np.minimum(depth, SKY_M)[..., None], walk.poses, first)
    shift, moving = _own_motion(walk, points, first, second)
    there = (points + shift - walk.poses.position_m[second]) @ quaternion.to_matrix(
        walk.poses.quaternion_wxyz[second]
    ).T
    camera = intrinsics(width, height)
    ahead = there[..., 2] > 1e-3
    column, row = (
        camera[k, 0 + k] * there[..., k] / np.where(ahead, there[..., 2], 1.0) + camera[k, 2] for k in (0, 1)
    )
    inside = ahead & (column >= 0) & (column < width) & (row >= 0) & (row < height)
    furthest = _furthest_of_neighbours(fine_second, column * FINE, row * FINE)
    hidden = ~inside | (there[..., 2] > furthest * 1.01 + 0.02)
    flow = np.stack([column - (np.arange(width) + 0.5), row - (np.arange(height)[:, None] + 0.5)], axis=-1)
    return TrueFlow(flow.astype(np.float32), hidden, moving)


def _to_world(points: np.ndarray, poses: PoseArray, index: int) -> np.ndarray:
    return points @ quaternion.to_matrix(poses.quaternion_wxyz[index]) + poses.position_m[index]


def _own_motion(walk: SequenceWalk, points: np.ndarray, first: int, second: int) -> tuple[np.ndarray, np.ndarray]:
    """How far each point moves with the figure that it belongs to, (H, W, 3), and whether it belongs to one."""
    shift, moving = np.zeros_like(points), np.zeros(points.shape[:2], dtype=bool)
    for figure in walk.figures:
        place = figure.at(first / PHOTOS_PER_S)
        near = np.hypot(points[..., 0] - place.x, points[..., 1] - place.y) < _FIGURE_RADIUS_M
        mine = near & (points[..., 2] > 0.03) & (points[..., 2] < 1.9)  # not the floor below
        shift[mine], moving[mine] = figure.shift_m(first / PHOTOS_PER_S, second / PHOTOS_PER_S), True
    return shift, moving


def _furthest_of_neighbours(depth: np.ndarray, column: np.ndarray, row: np.ndarray) -> np.ndarray:
    """The largest of the four depths around each place: what is nearer than none of them is hidden by none."""
    height, width = depth.shape
    left, top = np.floor(column - 0.5).astype(int), np.floor(row - 0.5).astype(int)
    four = [depth[np.clip(top + j, 0, height - 1), np.clip(left + i, 0, width - 1)] for j in (0, 1) for i in (0, 1)]
    return np.max(four, axis=0)
