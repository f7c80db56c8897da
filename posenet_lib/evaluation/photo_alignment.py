"""After PoseNet: move a pose until the photo agrees with the training photos around it.

A network's answer is right to decimetres and degrees. The training photos say more: their poses are known, and so are
rough depths of what they show (`data.depth_from_neighbours`). So their pixels are points in the world, and a guess at a
photo's pose says where it must show each of them. The pose is moved until the photo looks there as the points did, by
least squares over all pixels: direct image alignment (Lucas and Kanade 1981; Irani and Anandan, "All About Direct
Methods", 1999; as tracking in LSD-SLAM, Engel et al., ECCV 2014). First in very small pictures, where a wrong pose is
only a few pixels off, then in larger ones.

This finds the nearest place that agrees. From a guess that is too far away it is a wrong one, and the photo agrees
badly there; then it keeps its guess. Now and then a wrong place agrees well enough. A photo with another focal length
than the scene's (zoomed, or cropped) looks like one that was taken further ahead, and nearly agrees there: only near
and far things together tell the two apart. So where photos may come from any camera, each is aligned a second time with
its focal length as one more unknown, and the second answer counts if it agrees clearly better.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from posenet_lib.core.errors import WorkbookError
from posenet_lib.data.stored_depth import stored_depth
from posenet_lib.evaluation.pixel_least_squares import Cameras, Picture, least_squares, search
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.scenes.focal_length import INTRINSICS, resized_focal_px
from posenet_lib.scenes.photo_store import ImageStore
from posenet_lib.scenes.scene import Scene

_NEIGHBOURS = 4  # training photos that a photo is compared with
# A neighbour should stand near and look the same way: so many degrees cost as much as this share of the usual depth.
_ANGLE_DEG, _DISTANCE = 5.5, 0.12
_ROUNDS = ((1 / 4, 1 / 2), (1 / 2, 1))  # sizes of the pictures, as shares of the depth's; each with new neighbours
_PATCH = 7  # pixels; brightness is compared with its mean and spread over a patch, which other light does not change
_NOISE = 4e-4  # variance of a patch, with values of 0..1, that is noise
_AGREES = 0.5  # largest cost of a pose that is right; on training scenes 1 of 88 was off, with 0.6 it was 4 of 96
_CLEARLY_LESS = 0.95  # of the cost with the scene's own focal length; 4 to 15 % of that camera's photos are below, too
_TOGETHER = 8  # photos


class AlignedPoses(NamedTuple):
    """What came of N guesses."""

    poses: PoseArray  # a photo that agrees with no training photo keeps its guess
    agrees: np.ndarray  # (N,) bool
    zoom: np.ndarray  # (N,) how much larger than to the scene's camera things look; 1 for photos of that camera

    def columns(self) -> dict[str, np.ndarray]:
        """What a file of predictions says of each photo beside its pose: 1 where it agrees, and its zoom."""
        return {"aligned": self.agrees.astype(int), "zoom": self.zoom}

    def __str__(self) -> str:
        agree, count = int(self.agrees.sum()), len(self.agrees)
        rest = "" if agree == count else "; the others keep the network's poses"
        return f"Aligned: {agree} of {count} photos agree with training photos around them{rest}."


@dataclass(frozen=True, eq=False)
class KnownPhotos:
    """Training photos that others are compared with."""

    photos: ImageStore  # N of (H, W, 3) uint8, resized
    poses: PoseArray
    depth_m: np.ndarray  # (N, h, w); 0 everywhere in photos without a depth
    focal_px: float  # in pixels of the resized photos

    @cached_property
    def has_depth(self) -> np.ndarray:
        """(N,) bool."""
        return self.depth_m.any(axis=(1, 2))

    @cached_property
    def usual_depth_m(self) -> float:
        """The median; other lengths are counted in it, so that a scene's own unit, mm or km, does not matter."""
        return float(np.median(self.depth_m[self.has_depth]))


def known_photos(scene: Scene, *, show_progress: bool = True) -> KnownPhotos:
    """A scene's training photos, with the depths that training keeps beside them.

    Raises:
        WorkbookError: the scene has no focal length, or its photos give no depth.
    """
    focal_px = resized_focal_px(scene)
    if focal_px is None:
        raise WorkbookError(
            f"photos can be aligned only where the camera's focal length is known: give {scene.folder} a {INTRINSICS} "
            "(posenet scene import writes it)"
        )
    store = scene.train.open_store(show_progress=show_progress)
    depth_m = stored_depth(store, scene.train.poses, focal_px, show_progress=show_progress)
    if not depth_m.any():
        raise WorkbookError(
            f"{scene.folder}: no depth was found in the training photos, so no other photo can be aligned with them; "
            f"too few of them show the same things from different places, or their poses are wrong "
            f"(posenet scene check {scene.folder})"
        )
    return KnownPhotos(store, scene.train.poses, depth_m, focal_px)


def align_poses(
    guesses: PoseArray,
    photos: Sequence[np.ndarray],
    known: KnownPhotos,
    *,
    any_camera: bool = False,
    progress: Callable[[range], Iterator[int]] = iter,
) -> AlignedPoses:
    """Move the guessed poses of N photos.

    Args:
        photos: N of (H, W, 3) uint8, as large as the known ones.
        any_camera: they may be zoomed or cropped (about their middle); otherwise they are of the scene's own camera.
            Takes twice as long.
    """
    moved = [
        _align(guesses.take(part), [photos[i] for i in part], known, any_camera)
        for part in _parts(len(photos), progress)
    ]
    position_m, quaternion_wxyz, agrees, zoom = (np.concatenate(parts) for parts in zip(*moved, strict=True))
    return AlignedPoses(PoseArray(position_m, quaternion_wxyz), agrees, zoom)


def _parts(count: int, progress: Callable[[range], Iterator[int]]) -> Iterator[np.ndarray]:
    for start in progress(range(0, count, _TOGETHER)):
        yield np.arange(start, min(start + _TOGETHER, count))


def _align(
    guesses: PoseArray, photos: Sequence[np.ndarray], known: KnownPhotos, any_camera: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Of B photos: positions, quaternions, whether they agree, and zooms."""
    shape = known.depth_m.shape[1:]
    looks = {size: _looks(np.stack(photos), shape, size) for sizes in _ROUNDS for size in sizes}
    cameras, cost = _find(guesses, looks, known, zooms=False)
    if any_camera:
        zoomed, zoomed_cost = _find(guesses, looks, known, zooms=True)
        better = zoomed_cost < _CLEARLY_LESS * cost
        cameras, cost = zoomed.where(better, cameras), torch.where(better, zoomed_cost, cost)
    agrees = (cost < _AGREES).numpy()
    found_wxyz = quaternion.canonical_sign(quaternion.from_matrix(cameras.turn.numpy()))
    return (
        np.where(agrees[:, None], cameras.position_m(guesses.position_m, known.usual_depth_m), guesses.position_m),
        np.where(agrees[:, None], found_wxyz, guesses.quaternion_wxyz),
        agrees,
        np.where(agrees, cameras.log_zoom.exp().numpy(), 1.0),
    )


def _find(guesses: PoseArray, looks: dict[float, Tensor], known: KnownPhotos, *, zooms: bool) -> tuple[Cameras, Tensor]:
    """The cameras that agree best, from B guesses, and their costs [B]."""
    batch = len(guesses.position_m)
    cameras = Cameras(
        torch.from_numpy(quaternion.to_matrix(guesses.quaternion_wxyz)),
        torch.zeros(batch, 3, dtype=torch.float64),
        torch.zeros(batch, dtype=torch.float64),
    )
    for number, sizes in enumerate(_ROUNDS):
        centre_m = cameras.position_m(guesses.position_m, known.usual_depth_m)
        chosen = np.stack([_neighbours(known, *pose) for pose in zip(cameras.turn.numpy(), centre_m, strict=True)])
        for size in sizes:
            points, wanted = _points(known, chosen, guesses.position_m, size)
            focal_px = known.focal_px * looks[size].shape[-1] / known.photos[0].shape[1]
            picture = Picture(looks[size], focal_px, points, wanted)
            if number == 0 and size == sizes[0]:
                cameras = search(picture, cameras)
            cameras, cost = least_squares(picture, cameras, zooms)
    return cameras, cost


def _neighbours(known: KnownPhotos, turn: np.ndarray, centre_m: np.ndarray) -> np.ndarray:
    """(_NEIGHBOURS,) indices of known photos with a depth."""
    distance = np.linalg.norm(known.poses.position_m - centre_m, axis=1) / known.usual_depth_m
    angle = quaternion.angle_deg(known.poses.quaternion_wxyz, quaternion.from_matrix(turn)[None])
    cost = distance / _DISTANCE + angle / _ANGLE_DEG
    cost[~known.has_depth] = np.inf
    best = np.argsort(cost, kind="stable")[:_NEIGHBOURS]
    return np.resize(best[np.isfinite(cost[best])], _NEIGHBOURS)  # where there are fewer, some count twice


def _looks(photos: np.ndarray, shape: tuple[int, int], size: float) -> Tensor:
    """(B, H, W, 3) uint8 -> [B, h, w]: each pixel's brightness beside the mean of its patch, in units of its spread."""
    grey = torch.from_numpy(photos).float().mean(dim=-1)[:, None] / 255
    small = F.interpolate(grey, size=tuple(round(side * size) for side in shape), mode="area")

    def mean(values: Tensor) -> Tensor:
        return F.avg_pool2d(values, _PATCH, stride=1, padding=_PATCH // 2, count_include_pad=False)

    beside = small - mean(small)
    return (beside / (mean(beside**2) + _NOISE).sqrt())[:, 0]


def _points(known: KnownPhotos, chosen: np.ndarray, origin_m: np.ndarray, size: float) -> tuple[Tensor, Tensor]:
    """What B x K chosen photos show: points [B, P, 3] in the world's directions from the guesses, and their looks."""
    batch, ids, scale_m = len(chosen), chosen.ravel(), known.usual_depth_m
    looks = _looks(np.stack([known.photos[i] for i in ids]), known.depth_m.shape[1:], size)
    height, width = looks.shape[1:]
    depth = F.interpolate(torch.from_numpy(known.depth_m[ids])[:, None], size=(height, width), mode="nearest-exact")[
        :, 0
    ]
    focal = known.focal_px * width / known.photos[0].shape[1]
    y, x = torch.meshgrid(torch.arange(height) + 0.5 - height / 2, torch.arange(width) + 0.5 - width / 2, indexing="ij")
    rays = torch.stack([x / focal, y / focal, torch.ones_like(x)], dim=-1)
    turn = torch.from_numpy(quaternion.to_matrix(known.poses.quaternion_wxyz[ids])).float()  # world to camera
    centre = (known.poses.position_m[ids].reshape(batch, -1, 3) - origin_m[:, None]).reshape(-1, 3) / scale_m
    points = (depth / scale_m)[..., None] * (rays.view(1, -1, 3) @ turn).view(-1, height, width, 3)
    points = points + torch.from_numpy(centre).float()[:, None, None]
    points[depth <= 0] = torch.nan  # which no camera sees
    return points.reshape(batch, -1, 3), looks.reshape(batch, -1)
