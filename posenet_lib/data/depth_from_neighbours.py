"""How far away things are in the training photos, from the photos alone: each is compared with four taken nearby.

The poses of training photos are known. So a guess at a pixel's depth says where a neighbouring photo shows the same
point, and the guess is good if both look alike there. All depths are tried, in equal steps of 1 / depth (plane sweep:
Collins, "A Space-Sweep Approach to True Multi-Image Matching", CVPR 1996); alike is what has a high normalised
correlation over 5x5 pixels, which other light does not change. The two best of the four neighbours count: the others
may not see the point. Where a wall without texture says nothing, the pixels around it do (semi-global matching:
Hirschmueller, "Stereo Processing by Semiglobal Matching and Mutual Information", PAMI 2008).

How far away things can be, and how far apart neighbours should stand, follows from where the photos were taken. A yard
is about as large as where one walks in it. In a corridor, or where a scene is several places, the walls are nearer than
that: photos for which nothing agrees are tried again as in a smaller scene.

`nearby_views` needs these depths. They are rough (64 rows), and need not be right everywhere. On the practice court
half of all pixels are within 5 % of the true depth, and two thirds within 10 %.
"""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from posenet_lib.core.progress import progress_bar
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.scenes.photo_store import ImageStore

_ROWS = 64  # of the depth, for a photo of 256 rows
_NEIGHBOURS = 4
_TOGETHER = 16  # photos that are smoothed in one go
_PLANES = 32
# In units of the cameras' spread, the median distance from their middle, and of smaller parts of it.
_NEAREST, _FURTHEST = 0.4, 20.0
_SCALES = (1.0, 1 / 3, 1 / 9)
# A good neighbour stands so far away and looks nearly the same way; 15 degrees cost as much as 2.7 times the distance.
_BASELINE, _ANGLE_DEG = 0.12, 15.0
_RADIUS = 2  # pixels; a patch has 2 * _RADIUS + 1 rows and columns
_NOISE, _TEXTURE = 1e-4, 2e-4  # variance of a patch, with values of 0..1, that is noise; that can be trusted by half
_SMALL_STEP, _LARGE_STEP = 0.08, 0.5  # what it costs if a pixel lies one plane beside the next one, or further
# Mean cost of a photo's patches at their best depths, weighted by their texture. Photos of PracticeCourt and RedKitchen
# have 0.6 to 0.75 with their own poses, 0.75 to 0.85 with each other's.
_AGREES = 0.74
# The same mean must be so many times that of photos that are only turned, not moved. Where all cameras stand in one
# place, but for errors of their positions, it is not, and the depth would be one of the errors.
_MOVES = 0.9
_SAME_PLACE = 1e-9  # of the largest coordinate; cameras this near to each other differ by rounding


def depth_from_neighbours(
    store: ImageStore, poses: PoseArray, focal_px: float, *, show_progress: bool = True
) -> np.ndarray:
    """Depths along the optical axis in metres, (N, h, w) float32 with h = H / 4 and w = W / 4.

    A photo whose neighbours show nothing that agrees (there are none nearby, or the poses are wrong) is 0 everywhere.

    Args:
        store: the N photos.
        poses: theirs.
        focal_px: in pixels of the stored photos.
    """
    count, (height, width, _) = len(store), store.image_shape
    shape = round(_ROWS * height / 256), round(_ROWS * width / 256)
    depth_m = np.zeros((count, *shape), dtype=np.float32)
    middle = np.median(poses.position_m, axis=0)  # one wrong row does not move it
    spread_m = float(np.median(np.linalg.norm(poses.position_m - middle, axis=1)))
    if count <= _NEIGHBOURS or spread_m <= _SAME_PLACE * np.abs(poses.position_m).max():
        return depth_m
    grey = torch.cat([_grey(store.pixels[store.rows[start : start + 32]], shape) for start in range(0, count, 32)])
    sweep = _Sweep(grey, poses, focal_px * shape[1] / width)
    left = np.arange(count)
    with progress_bar(desc="Depth from neighbours", unit="photo", leave=False, disable=not show_progress) as bar:
        for scale in _SCALES:
            bar.total = bar.n + len(left)
            for start in range(0, len(left), _TOGETHER):
                some = left[start : start + _TOGETHER]
                depth_m[some] = sweep.depth(some, scale * spread_m)
                bar.update(len(some))
            left = left[(depth_m[left] == 0).all(axis=(1, 2))]
    return depth_m


def neighbours(index: int, poses: PoseArray, spread_m: float) -> np.ndarray:
    """With which others to compare a photo: at most four, none from its own place, which tells no depth."""
    distance = np.linalg.norm(poses.position_m - poses.position_m[index], axis=1) / spread_m
    angle_deg = quaternion.angle_deg(poses.quaternion_wxyz, poses.quaternion_wxyz[index])
    cost = np.abs(np.log(np.maximum(distance, 1e-6) / _BASELINE)) + angle_deg / _ANGLE_DEG
    elsewhere = np.flatnonzero(distance > _SAME_PLACE * max(1.0, np.abs(poses.position_m).max() / spread_m))
    return elsewhere[np.argsort(cost[elsewhere])[:_NEIGHBOURS]]


class _Sweep:
    """Everything about N photos that is needed for the depth of each."""

    def __init__(self, grey: Tensor, poses: PoseArray, focal_px: float):
        self.poses = poses
        self.rotation = quaternion.to_matrix(poses.quaternion_wxyz)  # world to camera
        self.focal_px = focal_px
        mean = _patch_mean(grey)
        variance = (_patch_mean(grey * grey) - mean**2).clamp(min=0)
        self.texture = variance / (variance + _TEXTURE)  # [N, 1, h, w] in 0..1
        self.even = (grey - mean) / (variance + _NOISE).sqrt()  # the same in all light
        height, width = grey.shape[2:]
        y, x = torch.meshgrid(
            torch.arange(height) + (0.5 - height / 2), torch.arange(width) + (0.5 - width / 2), indexing="ij"
        )
        self.rays = torch.stack([x / focal_px, y / focal_px, torch.ones_like(x)]).reshape(3, -1)

    def depth(self, photos: np.ndarray, spread_m: float) -> np.ndarray:
        """(len(photos), h, w) metres, as in a scene of this size."""
        nearness = torch.linspace(1 / _FURTHEST, 1 / _NEAREST, _PLANES) / spread_m  # 1 / metres
        cost = torch.stack([self._cost(index, spread_m, F.pad(nearness, (1, 0))) for index in photos])
        only_turned, cost = cost[:, :1], cost[:, 1:]  # [B, planes, h, w]
        texture = self.texture[list(photos)]
        best, still, usual = (
            (of * texture).mean(dim=(1, 2, 3)) for of in (cost.amin(dim=1, keepdim=True), only_turned, 1.0)
        )
        agrees = (best < _AGREES * usual) & (best < _MOVES * still)
        smooth = _smoothed(0.5 + (cost - 0.5) * texture)  # without texture, all planes are as good
        return torch.where(agrees[:, None, None], 1 / _between_planes(smooth, nearness), 0.0).numpy()

    def _cost(self, index: int, spread_m: float, nearness: Tensor) -> Tensor:
        """[planes, h, w] in 0..1: how little two of the neighbours look like this photo, pixel by pixel."""
        height, width = self.even.shape[2:]
        lowest = second = torch.ones(len(nearness), height, width)
        half = torch.tensor([width / 2, height / 2]) / self.focal_px
        others = neighbours(index, self.poses, spread_m)
        for other in others if len(others) > 1 else ():
            # x_other = turn x + shift, divided by the depth: so the plane's nearness stands before the shift
            turn = torch.tensor(self.rotation[other] @ self.rotation[index].T, dtype=torch.float32)
            moved = self.rotation[other] @ (self.poses.position_m[index] - self.poses.position_m[other])
            shift = torch.tensor(moved, dtype=torch.float32)[:, None, None]
            x, y, z = (turn @ self.rays)[:, None] + shift * nearness[:, None]  # [planes, h * w] each
            z = torch.where(z > 1e-3, z, torch.inf)  # behind the camera: nowhere
            outside = torch.isinf(z).float() * 9
            grid = torch.stack([x / z / half[0] + outside, y / z / half[1]], dim=-1)
            seen = F.grid_sample(
                self.even[other : other + 1], grid.view(1, len(nearness) * height, width, 2), align_corners=False
            ).view(-1, 1, height, width)
            cost = (1 - _patch_mean(seen * self.even[index])[:, 0]).clamp(0, 1)
            second = torch.minimum(second, torch.maximum(lowest, cost))
            lowest = torch.minimum(lowest, cost)
        return (lowest + second) / 2


def _grey(pixels: np.ndarray, shape: tuple[int, int]) -> Tensor:
    """(N, H, W, 3) uint8 -> [N, 1, h, w] in 0..1."""
    grey = torch.from_numpy(pixels).float().mean(dim=-1)[:, None] / 255
    return F.interpolate(grey, size=shape, mode="bilinear", antialias=True)


def _patch_mean(images: Tensor) -> Tensor:
    """[..., h, w] -> the same: means over patches, with zeros outside. By shifted sums, twice as fast as pooling."""
    for dim, border in ((-1, (_RADIUS, _RADIUS)), (-2, (0, 0, _RADIUS, _RADIUS))):
        padded, size = F.pad(images, border), images.shape[dim]
        images = padded.narrow(dim, 0, size).clone()
        for offset in range(1, 2 * _RADIUS + 1):
            images += padded.narrow(dim, offset, size)
    return images / (2 * _RADIUS + 1) ** 2


def _smoothed(cost: Tensor) -> Tensor:
    """Semi-global matching, [B, planes, h, w] -> the same: sums over paths from the left, right, top and bottom."""
    total = torch.zeros_like(cost)
    for dim in (2, 3):
        for backward in (False, True):
            steps = (cost.flip(dim) if backward else cost).unbind(dim)  # [B, planes, h or w] each
            path = [steps[0]]
            for step in steps[1:]:
                before = path[-1]
                lowest = before.amin(dim=1, keepdim=True)
                beside = torch.minimum(
                    F.pad(before[:, 1:], (0, 0, 0, 1), value=torch.inf),
                    F.pad(before[:, :-1], (0, 0, 1, 0), value=torch.inf),
                )
                here = torch.minimum(torch.minimum(before, beside + _SMALL_STEP), lowest + _LARGE_STEP)
                path.append(step + here - lowest)
            paths = torch.stack(path, dim)
            total += paths.flip(dim) if backward else paths
    return total


def _between_planes(cost: Tensor, nearness: Tensor) -> Tensor:
    """[B, planes, h, w] -> [B, h, w]: the best plane, and by a parabola through three costs a share of the next one."""
    best = cost.argmin(dim=1, keepdim=True).clamp(1, len(nearness) - 2)
    before, here, after = (cost.gather(1, best + offset) for offset in (-1, 0, 1))
    share = ((before - after) / (2 * (before - 2 * here + after)).clamp(min=1e-4)).clamp(-0.5, 0.5)
    return (nearness[0] + (best + share) * (nearness[1] - nearness[0]))[:, 0]
