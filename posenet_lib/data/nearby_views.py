"""Training photos as from places beside: the camera is turned and moved a little, and the pose with it.

A few hundred photos show a scene from a few hundred places, and from nowhere between them. With a depth of what each
photo shows (`depth_from_neighbours`) the view from a place beside it can be computed, as in view synthesis (notebook
09), with the pose that belongs to it. Each epoch shows each photo from another place. What the photo did not show
becomes the mean image, and near edges things are drawn out; networks learn from it all the same. Views that were
rendered from a trained model of the scene are known to help pose regression: LENS, Moreau et al., CoRL 2021.

The turns take the place of random crops, over the same angles, and exactly (`crop_turn` is an approximation).

A run begins with the largest moves, and ends with none: first the network learns how the scene changes from place to
place, and at last what true photos look like.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from posenet_lib.data.transforms import CROP, Window, input_shape, normalise, shrink
from posenet_lib.geometry import quaternion

_UP = 1 / 8  # of a move sideways: people hold cameras at nearly one height
_ROUNDS = 4  # until the depth in the new view is found; after four, hardly a pixel still moves
_AHEAD = 1e-3  # nothing is nearer; what would be behind the camera lands far outside the photo


class Views(NamedTuple):
    """N cameras beside N photos' cameras. Quaternions turn world into camera directions, as everywhere."""

    turn_wxyz: np.ndarray  # (N, 4) from the photo's camera frame to the new one
    move_m: np.ndarray  # (N, 3) of the camera centre, in the photo's camera frame

    def poses(self, position_m: np.ndarray, quaternion_wxyz: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Of the photos -> of the views: (N, 3) and (N, 4), w >= 0."""
        to_world = np.swapaxes(quaternion.to_matrix(quaternion_wxyz), -1, -2)
        moved_m = position_m + np.einsum("nij,nj->ni", to_world, self.move_m)
        return moved_m, quaternion.canonical_sign(quaternion.multiply(self.turn_wxyz, quaternion_wxyz))


class NearbyViews:
    """What a data set needs to show its photos from beside.

    Args:
        depth_m: (N, h, w) of the photos, of any size; 0 for photos that are only turned.
        move: the camera moves by up to this share of the median depth, at the beginning of a run.
        image_shape: (H, W, 3) of the resized photos.
        focal_px: in their pixels.
        window: the crop, in the middle of each view.
    """

    def __init__(self, depth_m: np.ndarray, move: float, image_shape: Sequence[int], focal_px: float, window: Window):
        height, width = image_shape[:2]
        median_m = np.median(depth_m.reshape(len(depth_m), -1), axis=1).astype(np.float64)
        self.reach_m = move * median_m
        # Views are computed in units of the median depth, so that a scene's own unit, mm or km, does not matter; in
        # half precision, for thousands of photos. What does not move looks the same at any depth.
        self.scale_m = np.where(median_m > 0, median_m, 1.0)
        depth = np.where(depth_m > 0, depth_m / self.scale_m[:, None, None], 1.0)
        self.depth = torch.from_numpy(depth.astype(np.float16))[:, None]
        self.focal_px, self.window = focal_px, window
        rows, columns = window.beyond
        self.largest_pitch = np.arctan(((height - window.height) / 2 + rows) / focal_px)  # as far as crops would go
        self.largest_yaw = np.arctan(((width - window.width) / 2 + columns) / focal_px)

    @property
    def moving(self) -> int:
        """How many photos are shown from beside: those that have a depth. The others are only turned."""
        return int((self.reach_m > 0).sum())

    def draw(self, generator: torch.Generator, roll_deg: np.ndarray | float = 0.0, share: float = 1.0) -> Views:
        """One view for each photo: turned as far as a random crop would look, moved anywhere in a flat disc about it.

        The disc is flat in the camera's own frame, so level if the camera is.

        Args:
            share: the disc's radius, as a share of the largest.
        """

        def uniform() -> np.ndarray:
            return 2 * torch.rand(len(self.reach_m), generator=generator, dtype=torch.float64).numpy() - 1

        yaw, pitch = self.largest_yaw * uniform(), self.largest_pitch * uniform()
        turn_wxyz = quaternion.multiply(_about(0, pitch), _about(1, yaw))
        turn_wxyz = quaternion.multiply(_about(2, np.radians(roll_deg) * np.ones_like(yaw)), turn_wxyz)
        reach_m = share * self.reach_m
        distance = reach_m * np.sqrt((uniform() + 1) / 2)  # uniform over the disc
        where, up_m = np.pi * uniform(), reach_m * _UP * uniform()
        return Views(turn_wxyz, np.stack([distance * np.cos(where), up_m, distance * np.sin(where)], axis=1))

    def images(
        self, photos: Tensor, mean_image: Tensor, views: Views, indices: Sequence[int], image_size: int = CROP
    ) -> Tensor:
        """Network input [B, 3, h, w] of `image_size`, see `transforms`.

        Args:
            photos: [B, H, W, 3] uint8, those of `indices`.
            mean_image: [H, W, 3] in 0..255. It does not move, as it does not for any other photo.
            views: of all N photos.
        """
        small = shrink(photos.float().movedim(-1, 1), image_size)
        height, width = input_shape(self.window, image_size)
        seen, inside = view_from_beside(
            small,
            self.depth[indices].to(small.device).float(),
            Views(views.turn_wxyz[indices], views.move_m[indices] / self.scale_m[indices, None]),
            self.focal_px * small.shape[-1] / photos.shape[2],
            (height, width),
        )
        mean = shrink(mean_image.movedim(-1, 0)[None], image_size)
        top, left = (mean.shape[-2] - height) // 2, (mean.shape[-1] - width) // 2
        difference = (seen - mean[..., top : top + height, left : left + width]) * inside
        return normalise(difference.movedim(1, -1))


def view_from_beside(
    photos: Tensor, depth_m: Tensor, views: Views, focal_px: float, shape: tuple[int, int]
) -> tuple[Tensor, Tensor]:
    """What cameras beside the photos' own see, [B, 3, H, W] -> [B, 3, h, w], and what of it was seen, [B, 1, h, w].

    A pixel of the view needs its own depth, and known are those of the photo. So: guess where in the photo the pixel
    comes from; the point that the photo shows there has a depth in the view; with this depth the pixel comes from a
    better place; and again.

    Args:
        depth_m: [B, 1, any, any] of the photos; any unit will do, if the moves have the same.
        focal_px: in pixels of the photos; the view's are as large. Both have the optical axis in their middle.
        shape: (h, w) of the view.
    """
    batch, _, height, width = photos.shape
    device = photos.device
    y, x = torch.meshgrid(*(torch.arange(size, device=device) + (0.5 - size / 2) for size in shape), indexing="ij")
    rays = torch.stack([x / focal_px, y / focal_px, torch.ones_like(x)]).reshape(3, -1)
    turn = torch.tensor(quaternion.to_matrix(views.turn_wxyz), dtype=torch.float32, device=device)
    move_m = torch.tensor(views.move_m, dtype=torch.float32, device=device)[..., None]  # [B, 3, 1]
    axis_x, axis_y, axis_z = turn[:, 2, :, None].unbind(dim=1)  # the view's optical axis in the photo's frame
    right, down, ahead = (turn.mT @ rays).unbind(dim=1)  # where its pixels look, in that frame; [B, h * w] each
    right_m, down_m, ahead_m = move_m.unbind(dim=1)
    moved_m = (turn @ move_m)[:, 2]  # along the view's axis
    edge_x, edge_y = width / 2 / focal_px, height / 2 / focal_px  # of the photo, at a depth of 1

    def in_photo(x: Tensor, y: Tensor) -> Tensor:
        """Places at a depth of 1 -> for `grid_sample`: -1..1 from edge to edge."""
        return torch.stack([x / edge_x, y / edge_y], dim=-1).view(batch, *shape, 2)

    z = ahead.clamp(min=_AHEAD)
    x, y = right / z, down / z  # as if all were far away
    for _ in range(_ROUNDS):
        photo_depth_m = F.grid_sample(
            depth_m, in_photo(x, y), mode="nearest", padding_mode="border", align_corners=False
        ).view(batch, -1)
        view_depth_m = photo_depth_m * (axis_x * x + axis_y * y + axis_z) - moved_m
        z = (ahead * view_depth_m + ahead_m).clamp(min=_AHEAD)
        x, y = (right * view_depth_m + right_m) / z, (down * view_depth_m + down_m) / z
    # What is nearer than the camera moves ahead lies behind it then.
    inside = ((x.abs() <= edge_x) & (y.abs() <= edge_y) & (view_depth_m > 0)).view(batch, 1, *shape)
    return F.grid_sample(photos, in_photo(x, y), padding_mode="border", align_corners=False), inside


def _about(axis: int, angle: np.ndarray) -> np.ndarray:
    """(N,) radians about a camera axis -> (N, 4)."""
    turn = np.zeros((len(angle), 4))
    turn[:, 0], turn[:, 1 + axis] = np.cos(angle / 2), np.sin(angle / 2)
    return turn
