"""Photos as a pinhole camera would have taken them: what the rest of the workbook assumes of every photo."""

from typing import NamedTuple

import numpy as np
from PIL import Image

from posenet_lib.scenes.readers.read_pose import camera_matrix

_STEP = 1.01  # of the focal length, until no black corner is left


class Lens(NamedTuple):
    """COLMAP's SIMPLE_RADIAL: a point at (x, y) on the plane z = 1 is seen at f (1 + k r^2) (x, y) + (cx, cy)."""

    focal_px: float
    cx: float
    cy: float
    k: float
    size_px: tuple[int, int]  # width, height

    def seen_at(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pixel coordinates of points on the plane z = 1; the first pixel's centre is (0.5, 0.5)."""
        bend = 1 + self.k * (x * x + y * y)
        return self.focal_px * bend * x + self.cx, self.focal_px * bend * y + self.cy


class Pinhole(NamedTuple):
    """The camera that photos are written for."""

    matrix: np.ndarray  # (3, 3)
    size_px: tuple[int, int]  # width, height


def pinhole_for(lens: Lens) -> Pinhole:
    """A pinhole of the lens's size, with square pixels and its centre, so long that no corner stays black."""
    width, height = lens.size_px
    column, row = np.arange(width) + 0.5, np.arange(height) + 0.5
    border = [
        *((c, edge) for c in column for edge in (0.5, height - 0.5)),
        *((edge, r) for r in row for edge in (0.5, width - 0.5)),
    ]
    at = np.array(border)
    focal = lens.focal_px
    for _ in range(100):
        x, y = lens.seen_at((at[:, 0] - lens.cx) / focal, (at[:, 1] - lens.cy) / focal)
        if x.min() >= 0 and y.min() >= 0 and x.max() <= width and y.max() <= height:
            break
        focal *= _STEP
    return Pinhole(camera_matrix(focal, focal, lens.cx, lens.cy), lens.size_px)


def through_pinhole(photo: Image.Image, lens: Lens, pinhole: Pinhole) -> Image.Image:
    """The photo, taken by `lens`, as the pinhole would have taken it; black where the lens saw nothing.

    Between pixels, values are interpolated linearly; a photo that is to become smaller is made smaller first, so that
    no detail turns into noise.
    """
    shrink = min(1.0, 1.5 * pinhole.matrix[0, 0] / lens.focal_px)
    if shrink < 1:
        size = tuple(max(1, round(side * shrink)) for side in photo.size)
        photo = photo.resize(size, Image.Resampling.LANCZOS)
    across, down = photo.width / lens.size_px[0], photo.height / lens.size_px[1]
    width, height = pinhole.size_px
    x = (np.arange(width) + 0.5 - pinhole.matrix[0, 2]) / pinhole.matrix[0, 0]
    y = (np.arange(height) + 0.5 - pinhole.matrix[1, 2]) / pinhole.matrix[1, 1]
    u, v = lens.seen_at(*np.meshgrid(x, y))
    return Image.fromarray(_sample(np.asarray(photo), u * across - 0.5, v * down - 0.5))


def black_share(lens: Lens, pinhole: Pinhole) -> float:
    """The share of the pinhole's photo that the lens did not see, 0..1."""
    width, height = pinhole.size_px
    x = (np.arange(0, width, 4) + 0.5 - pinhole.matrix[0, 2]) / pinhole.matrix[0, 0]
    y = (np.arange(0, height, 4) + 0.5 - pinhole.matrix[1, 2]) / pinhole.matrix[1, 1]
    u, v = lens.seen_at(*np.meshgrid(x, y))
    return float(1 - ((u >= 0) & (v >= 0) & (u <= lens.size_px[0]) & (v <= lens.size_px[1])).mean())


def _sample(pixels: np.ndarray, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Bilinear: pixels (H, W, 3) uint8 at columns u and rows v (h, w), counted from the first pixel's centre."""
    height, width = pixels.shape[:2]
    outside = (u < -0.5) | (v < -0.5) | (u > width - 0.5) | (v > height - 0.5)
    u, v = np.clip(u, 0, width - 1), np.clip(v, 0, height - 1)
    left, top = np.minimum(u.astype(int), width - 2), np.minimum(v.astype(int), height - 2)
    across, down = (u - left)[..., None], (v - top)[..., None]
    levels = pixels.astype(np.float32)
    upper = levels[top, left] * (1 - across) + levels[top, left + 1] * across
    lower = levels[top + 1, left] * (1 - across) + levels[top + 1, left + 1] * across
    made = np.rint(upper * (1 - down) + lower * down)
    made[outside] = 0
    return made.astype(np.uint8)
