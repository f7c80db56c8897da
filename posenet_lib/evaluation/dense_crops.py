"""Dense test crops: the mean over the answers for crops that cover the photo (Kendall et al., ICCV 2015, section 3)."""

import math
from collections.abc import Sequence

from torch import Tensor

from posenet_lib.data.crop_turn import turned_back
from posenet_lib.data.transforms import SQUARE, Corner, Window, batch_input, shrink
from posenet_lib.evaluation.monte_carlo import mean_and_sigma
from posenet_lib.evaluation.prediction import join_poses, unit_poses
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.models.posenet import PoseNet

_AT_ONCE = 32  # crops in one pass of the network


def dense_corners(height: int, width: int, count: int, window: Window = SQUARE) -> list[Corner]:
    """`count` crops spaced uniformly over the photo, edge to edge, in the grid whose spacing is nearest to square."""
    grids = [(rows, count // rows) for rows in range(1, count + 1) if count % rows == 0]
    tall, wide = height - window.height, width - window.width

    def unevenness(grid: tuple[int, int]) -> float:
        spacing = [(room + 1) / number for room, number in zip((tall, wide), grid, strict=True)]
        return abs(math.log(spacing[0] / spacing[1]))

    rows, columns = min(grids, key=unevenness)
    return [Corner(top, left) for top in _spaced(tall, rows) for left in _spaced(wide, columns)]


def dense_poses(
    model: PoseNet,
    photo: Tensor,
    mean_image: Tensor,
    corners: Sequence[Corner],
    focal_px: float | None,
    window: Window = SQUARE,
) -> PoseArray:
    """The mean pose over all crops of one photo, as a `PoseArray` of length 1.

    Args:
        model: in evaluation mode; decides the device.
        photo: [H, W, 3] uint8, resized.
        mean_image: [H, W, 3] float32 in 0..255.
        focal_px: for a network whose poses turned with the crops in training: answers for crops are turned back.
    """
    device = next(model.parameters()).device
    answers = []
    for start in range(0, len(corners), _AT_ONCE):
        some = corners[start : start + _AT_ONCE]
        crops = batch_input(photo.expand(len(some), *photo.shape), mean_image, some, window)
        answers.append(unit_poses(model(shrink(crops, model.image_size).to(device)).main))
    position_m, quaternion_wxyz = join_poses(answers)
    if focal_px:
        quaternion_wxyz = turned_back(quaternion_wxyz, corners, tuple(photo.shape), focal_px, window)
    return mean_and_sigma([PoseArray(p[None], q[None]) for p, q in zip(position_m, quaternion_wxyz, strict=True)]).poses


def _spaced(room: int, number: int) -> list[int]:
    """`number` whole positions from 0 to `room`; one alone stands in the middle."""
    if number == 1:
        return [room // 2]
    return [round(room * step / (number - 1)) for step in range(number)]
