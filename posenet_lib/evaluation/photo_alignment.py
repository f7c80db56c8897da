"""After PoseNet: move a pose until the photo agrees with the training photos around it.

A network's answer is right to decimetres and degrees. The training photos say more: their poses are known, and so are
rough depths of what they show (`data.depth_from_neighbours`). So their pixels are points in the world, and a guess at a
photo's pose says where it must show each of them. The pose is moved until the photo looks there as the points did, by
least squares over all pixels: direct image alignment (Lucas and Kanade 1981; Irani and Anandan, "All About Direct
Methods", 1999; as tracking in LSD-SLAM, Engel et al., ECCV 2014). First in very small pictures, where a wrong pose is
only a few pixels off, then in larger ones.

This finds the nearest place that agrees. From a guess that is too far away it is a wrong one, and the photo agrees
badly there; then it keeps its guess. Now and then a wrong place agrees well enough. And it has to be the same camera: a
photo with another focal length (zoomed, or cropped) looks like one that was taken further ahead, and agrees there.
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
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.scenes.focal_length import INTRINSICS, resized_focal_px
from posenet_lib.scenes.photo_store import ImageStore
from posenet_lib.scenes.scene import Scene

_NEIGHBOURS = 4  # training photos that a photo is compared with
# A neighbour should stand near and look the same way: so many degrees cost as much as this share of the usual depth.
_ANGLE_DEG, _DISTANCE = 5.5, 0.12
_ROUNDS = ((1 / 4, 1 / 2), (1 / 2, 1))  # sizes of the pictures, as shares of the depth's; each with new neighbours
# Before all else the best of some turns to the sides and up and down is looked for in the smallest picture, and of some
# steps to the side and ahead, in usual depths.
_SEARCH_DEG = (-8.0, -4.0, 0.0, 4.0, 8.0)
_SEARCH_STEPS = ((0.0, 0.0), (-0.1, 0.0), (0.1, 0.0), (0.0, -0.1), (0.0, 0.1))
_STEPS = 15  # in each size, at most
_PATCH = 7  # pixels; brightness is compared with its mean and spread over a patch, which other light does not change
_NOISE = 4e-4  # variance of a patch, with values of 0..1, that is noise
_SOFT, _MOST = 0.7, 2.0  # a difference counts less and less from here on; and no more than this
_NEAREST = 0.05  # of the usual depth; points nearer than this do not count
_LEAST_SEEN = 0.15  # of the points
_AGREES = 0.5  # largest cost of a pose that is right; on training scenes 1 of 88 was off, with 0.6 it was 4 of 96
_TOGETHER = 8  # photos


class AlignedPoses(NamedTuple):
    """What came of N guesses."""

    poses: PoseArray  # a photo that agrees with no training photo keeps its guess
    agrees: np.ndarray  # (N,) bool

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
    progress: Callable[[range], Iterator[int]] = iter,
) -> AlignedPoses:
    """Move the guessed poses of N photos.

    Args:
        photos: N of (H, W, 3) uint8, as large as the known ones, and of the same camera.
    """
    moved = [_align(guesses.take(part), [photos[i] for i in part], known) for part in _parts(len(photos), progress)]
    position_m, quaternion_wxyz, agrees = (np.concatenate(parts) for parts in zip(*moved, strict=True))
    return AlignedPoses(PoseArray(position_m, quaternion_wxyz), agrees)


def _parts(count: int, progress: Callable[[range], Iterator[int]]) -> Iterator[np.ndarray]:
    for start in progress(range(0, count, _TOGETHER)):
        yield np.arange(start, min(start + _TOGETHER, count))


def _align(
    guesses: PoseArray, photos: Sequence[np.ndarray], known: KnownPhotos
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of B photos: positions, quaternions, and whether they agree."""
    shape = known.depth_m.shape[1:]
    scale_m = known.usual_depth_m  # lengths below are in this unit
    width = photos[0].shape[1]
    looks = {size: _looks(np.stack(photos), shape, size) for sizes in _ROUNDS for size in sizes}
    turn = torch.from_numpy(quaternion.to_matrix(guesses.quaternion_wxyz))  # [B, 3, 3], world to camera
    shift = torch.zeros(len(turn), 3, dtype=torch.float64)  # point in the camera's frame = turn (point - guess) + shift
    for number, sizes in enumerate(_ROUNDS):
        centre_m = guesses.position_m - scale_m * (turn.mT @ shift[..., None]).squeeze(-1).numpy()
        chosen = np.stack([_neighbours(known, *pose) for pose in zip(turn.numpy(), centre_m, strict=True)])
        for size in sizes:
            points, wanted = _points(known, chosen, guesses.position_m, size)
            picture = _Picture(looks[size], known.focal_px * looks[size].shape[-1] / width, points, wanted)
            if number == 0 and size == sizes[0]:
                turn, shift = _search(picture, turn, shift)
            turn, shift, cost = _least_squares(picture, turn, shift)
    agrees = (cost < _AGREES).numpy()
    position_m = guesses.position_m - scale_m * (turn.mT @ shift[..., None]).squeeze(-1).numpy()
    quaternion_wxyz = quaternion.from_matrix(turn.numpy())
    return (
        np.where(agrees[:, None], position_m, guesses.position_m),
        np.where(agrees[:, None], quaternion.canonical_sign(quaternion_wxyz), guesses.quaternion_wxyz),
        agrees,
    )


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


class _Residuals(NamedTuple):
    """How B photos differ from what P points looked like."""

    cost: Tensor  # [B]: 0 where all agrees, about 1 where nothing does, 2 where hardly any point is seen
    difference: Tensor  # [B, P], 0 where a point is not seen
    seen: Tensor  # [B, P], 0 or 1
    point: Tensor  # [B, P, 3] in the photo's camera frame
    slope: Tensor  # [B, P, 2] of the photo's looks, for each unit of x / z and of y / z


class _Picture:
    """B photos at one size, and the points that they should show."""

    def __init__(self, looks: Tensor, focal: float, points: Tensor, wanted: Tensor):
        padded = F.pad(looks[:, None], (1, 1, 1, 1), mode="replicate")
        across = (padded[:, :, 1:-1, 2:] - padded[:, :, 1:-1, :-2]) / 2
        down = (padded[:, :, 2:, 1:-1] - padded[:, :, :-2, 1:-1]) / 2
        self.channels = torch.cat([looks[:, None], across * focal, down * focal], dim=1)
        height, width = looks.shape[1:]
        self.edge = torch.tensor([width / 2 / focal, height / 2 / focal])
        self.points, self.wanted = points, wanted

    def residuals(self, turn: Tensor, shift: Tensor) -> _Residuals:
        """Where the cameras stand so."""
        point = self.points @ turn.mT.float() + shift.float()[:, None]
        z = point[..., 2]
        place = point[..., :2] / z.clamp(min=_NEAREST)[..., None] / self.edge  # -1..1 from edge to edge
        seen = (place.abs() <= 1).all(dim=-1) & (z > _NEAREST)
        point = torch.where(seen[..., None], point, 1.0)  # the others do not count, but have to be numbers
        place, seen = torch.where(seen[..., None], place, 0.0), seen.float()
        found = F.grid_sample(self.channels, place[:, None], padding_mode="border", align_corners=False)[:, :, 0]
        difference = (found[:, 0] - self.wanted) * seen
        share = seen.mean(dim=1)
        wrong = _energy(difference)
        # Of two pictures that have nothing to do with each other; a picture without anything in it has nothing, too.
        chance = _energy(found[:, 0] * seen) + _energy(self.wanted * seen)
        cost = torch.where(share < _LEAST_SEEN, 2.0, wrong / chance.clamp(min=1e-6))
        return _Residuals(cost, difference, seen, point, found[:, 1:].movedim(1, -1))


def _energy(values: Tensor) -> Tensor:
    """[B, P] -> [B]."""
    return values.abs().clamp(max=_MOST).square().sum(dim=1)


def _search(picture: _Picture, turn: Tensor, shift: Tensor) -> tuple[Tensor, Tensor]:
    """The best of some turns and steps of the cameras: turns [B, 3, 3], shifts [B, 3]."""
    angles = torch.deg2rad(torch.tensor([(down, side, 0.0) for down in _SEARCH_DEG for side in _SEARCH_DEG]))
    small_turns = torch.linalg.matrix_exp(_cross(angles.double()))
    steps = torch.tensor([(side, 0.0, ahead) for side, ahead in _SEARCH_STEPS], dtype=torch.float64)
    tried = [(small @ turn, (shift - step) @ small.mT) for small in small_turns for step in steps]
    best = torch.stack([picture.residuals(*one).cost for one in tried]).argmin(dim=0)
    turns, shifts = (torch.stack(several) for several in zip(*tried, strict=True))
    photos = torch.arange(len(turn))
    return turns[best, photos], shifts[best, photos]


def _least_squares(picture: _Picture, turn: Tensor, shift: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Levenberg and Marquardt's steps, for each photo as many as it needs: turns, shifts and their costs."""
    now = picture.residuals(turn, shift)
    damping = torch.full((len(turn),), 1e-2, dtype=torch.float64)
    moves = torch.ones(len(turn), dtype=torch.bool)  # each photo ends for itself, whatever the others do
    for _ in range(_STEPS):
        step = _step(now, damping)
        small_turn = torch.linalg.matrix_exp(_cross(step[:, :3]))
        new_turn = small_turn @ turn
        new_shift = (small_turn @ shift[..., None]).squeeze(-1) + step[:, 3:]
        new = picture.residuals(new_turn, new_shift)
        moves &= (now.cost - new.cost).abs() > 1e-5
        if not moves.any():
            break
        better = moves & (new.cost < now.cost)
        turn = torch.where(better[:, None, None], new_turn, turn)
        shift = torch.where(better[:, None], new_shift, shift)
        now = _Residuals(
            *(torch.where(better.view(-1, *[1] * (a.ndim - 1)), a, b) for a, b in zip(new, now, strict=True))
        )
        damping = torch.where(better, damping / 3, damping * 5).clamp(1e-5, 1e5)
    return turn, shift, now.cost


def _step(now: _Residuals, damping: Tensor) -> Tensor:
    """[B, 6]: a small rotation about the camera's axes, then a shift."""
    x, y, z = now.point.unbind(dim=-1)
    across, down = (now.slope / z.clamp(min=_NEAREST)[..., None]).unbind(dim=-1)
    slope = torch.stack([across, down, -(across * x + down * y) / z.clamp(min=_NEAREST)], dim=-1)  # by the point
    jacobian = torch.cat([torch.linalg.cross(now.point, slope), slope], dim=-1)  # [B, P, 6]
    weight = now.seen / (1 + (now.difference / _SOFT) ** 2)  # Cauchy's: what is hidden or has moved counts little
    weighted = jacobian * weight[..., None]
    normal = (weighted.mT @ jacobian).double()
    gradient = (weighted.mT @ now.difference[..., None]).double()
    diagonal = torch.diagonal(normal, dim1=1, dim2=2)
    normal = normal + torch.diag_embed(damping[:, None] * diagonal + 1e-9)
    return -torch.linalg.solve(normal, gradient).squeeze(-1)


def _cross(vector: Tensor) -> Tensor:
    """[..., 3] -> [..., 3, 3]: the matrix that multiplies as the vector's cross product does."""
    x, y, z = vector.unbind(dim=-1)
    zero = torch.zeros_like(x)
    rows = (zero, -z, y, z, zero, -x, -y, x, zero)
    return torch.stack(rows, dim=-1).unflatten(-1, (3, 3))
