"""The camera that sees points of the world as a photo shows them: least squares over all pixels.

Lucas and Kanade 1981; Irani and Anandan, "All About Direct Methods", 1999; as tracking in LSD-SLAM, Engel et al., ECCV
2014. Several photos at once, each with points of its own; lengths are in a unit in which most points are about 1 away.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

# Before all else the best of some turns to the sides and up and down is looked for, and of some steps to the side and
# ahead.
_SEARCH_DEG = (-8.0, -4.0, 0.0, 4.0, 8.0)
_SEARCH_STEPS = ((0.0, 0.0), (-0.1, 0.0), (0.1, 0.0), (0.0, -0.1), (0.0, 0.1))
_STEPS = 15  # of least squares, at most
_SOFT, _MOST = 0.7, 2.0  # a difference counts less and less from here on; and no more than this
_NEAREST = 0.05  # points nearer than this do not count
_LEAST_SEEN = 0.15  # of the points
_ZOOM_STEP = 0.1  # largest change of zoom's logarithm in one step


class Cameras(NamedTuple):
    """B cameras, each beside a guess at where it stands."""

    turn: Tensor  # [B, 3, 3], world to camera
    shift: Tensor  # [B, 3]: point in the camera's frame = turn (point - guess) + shift, in usual depths
    log_zoom: Tensor  # [B]

    def where(self, these: Tensor, others: "Cameras") -> "Cameras":
        """These of the cameras ([B] bool), and the rest of the others."""
        return Cameras(*_where(these, self, others))

    def position_m(self, guess_m: np.ndarray, scale_m: float) -> np.ndarray:
        """(B, 3), the cameras' centres."""
        return guess_m - scale_m * (self.turn.mT @ self.shift[..., None]).squeeze(-1).numpy()


def _where(these: Tensor, values: Iterable[Tensor], others: Iterable[Tensor]) -> list[Tensor]:
    return [torch.where(these.view(-1, *[1] * (a.ndim - 1)), a, b) for a, b in zip(values, others, strict=True)]


class Residuals(NamedTuple):
    """How B photos differ from what P points looked like."""

    cost: Tensor  # [B]: 0 where all agrees, about 1 where nothing does, 2 where hardly any point is seen
    difference: Tensor  # [B, P], 0 where a point is not seen
    seen: Tensor  # [B, P], 0 or 1
    point: Tensor  # [B, P, 3] in the photo's camera frame
    slope: Tensor  # [B, P, 2] of the photo's looks, for each unit of x / z and of y / z


class Picture:
    """B photos at one size, and the points that they should show."""

    def __init__(self, looks: Tensor, focal: float, points: Tensor, wanted: Tensor):
        padded = F.pad(looks[:, None], (1, 1, 1, 1), mode="replicate")
        across = (padded[:, :, 1:-1, 2:] - padded[:, :, 1:-1, :-2]) / 2
        down = (padded[:, :, 2:, 1:-1] - padded[:, :, :-2, 1:-1]) / 2
        self.channels = torch.cat([looks[:, None], across * focal, down * focal], dim=1)
        height, width = looks.shape[1:]
        self.edge = torch.tensor([width / 2 / focal, height / 2 / focal])
        self.points, self.wanted = points, wanted

    def residuals(self, cameras: Cameras) -> Residuals:
        """Where the cameras stand so."""
        point = self.points @ cameras.turn.mT.float() + cameras.shift.float()[:, None]
        zoom = cameras.log_zoom.exp().float()[:, None, None]
        z = point[..., 2]
        place = zoom * point[..., :2] / z.clamp(min=_NEAREST)[..., None] / self.edge  # -1..1 from edge to edge
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
        return Residuals(cost, difference, seen, point, found[:, 1:].movedim(1, -1) * zoom)


def _energy(values: Tensor) -> Tensor:
    """[B, P] -> [B]."""
    return values.abs().clamp(max=_MOST).square().sum(dim=1)


def search(picture: Picture, cameras: Cameras) -> Cameras:
    """The best of some turns and steps of each camera."""
    angles = torch.deg2rad(torch.tensor([(down, side, 0.0) for down in _SEARCH_DEG for side in _SEARCH_DEG]))
    small_turns = torch.linalg.matrix_exp(_cross(angles.double()))
    steps = torch.tensor([(side, 0.0, ahead) for side, ahead in _SEARCH_STEPS], dtype=torch.float64)
    tried = [
        Cameras(small @ cameras.turn, (cameras.shift - step) @ small.mT, cameras.log_zoom)
        for small in small_turns
        for step in steps
    ]
    best = torch.stack([picture.residuals(one).cost for one in tried]).argmin(dim=0)
    photos = torch.arange(len(best))
    return Cameras(*(torch.stack(several)[best, photos] for several in zip(*tried, strict=True)))


def least_squares(picture: Picture, cameras: Cameras, zooms: bool) -> tuple[Cameras, Tensor]:
    """Levenberg and Marquardt's steps, for each photo as many as it needs: the cameras and their costs."""
    now = picture.residuals(cameras)
    damping = torch.full_like(cameras.log_zoom, 1e-2)
    moves = torch.ones(len(damping), dtype=torch.bool)  # each photo ends for itself, whatever the others do
    for _ in range(_STEPS):
        step = _step(now, damping, zooms)
        small_turn = torch.linalg.matrix_exp(_cross(step[:, :3]))
        moved = Cameras(
            small_turn @ cameras.turn,
            (small_turn @ cameras.shift[..., None]).squeeze(-1) + step[:, 3:6],
            cameras.log_zoom + step[:, 6:].sum(dim=1).clamp(-_ZOOM_STEP, _ZOOM_STEP),
        )
        new = picture.residuals(moved)
        moves &= (now.cost - new.cost).abs() > 1e-5
        if not moves.any():
            break
        better = moves & (new.cost < now.cost)
        cameras, now = moved.where(better, cameras), Residuals(*_where(better, new, now))
        damping = torch.where(better, damping / 3, damping * 5).clamp(1e-5, 1e5)
    return cameras, now.cost


def _step(now: Residuals, damping: Tensor, zooms: bool) -> Tensor:
    """[B, 6], a small rotation about the camera's axes, then a shift; or [B, 7], and then of the logarithm of zoom."""
    x, y, z = now.point.unbind(dim=-1)
    across, down = (now.slope / z.clamp(min=_NEAREST)[..., None]).unbind(dim=-1)
    slope = torch.stack([across, down, -(across * x + down * y) / z.clamp(min=_NEAREST)], dim=-1)  # by the point
    parts = [torch.linalg.cross(now.point, slope), slope]
    if zooms:
        parts.append((across * x + down * y)[..., None])
    jacobian = torch.cat(parts, dim=-1)  # [B, P, 6 or 7]
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
