"""What is asked of a trained network for one photo: one crop, many crops, or many draws of dropout.

Dense crops: Kendall et al., ICCV 2015, section 3. Monte-Carlo dropout: Kendall, Cipolla, "Modelling uncertainty in deep
learning for camera relocalization", ICRA 2016.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from posenet_lib import quaternion
from posenet_lib.config import PredictConfig
from posenet_lib.crop_turn import turned_back
from posenet_lib.heads import Pose
from posenet_lib.posenet import PoseNet
from posenet_lib.poses import PoseArray, PoseSigma
from posenet_lib.transforms import CROP, Corner, centre_corner, network_input

_AT_ONCE = 32  # crops in one pass of the network


class Prediction(NamedTuple):
    """Poses of N photos and, from Monte-Carlo dropout, how sure the network is."""

    poses: PoseArray
    sigma: PoseSigma | None = None


@torch.inference_mode()
def predict_batch(
    model: PoseNet,
    photos: Tensor,
    mean_image: Tensor,
    how: PredictConfig,
    generator: torch.Generator,
    focal_px: float | None = None,
) -> Prediction:
    """Poses of photos of one shape.

    Args:
        model: in evaluation mode; decides the device.
        photos: [B, H, W, 3] uint8, resized.
        mean_image: [H, W, 3] float32 in 0..255.
        generator: draws the dropout, on the CPU.
        focal_px: for a network whose poses turned with the crops in training: answers for crops are turned back.
    """
    device = next(model.parameters()).device
    height, width = photos.shape[1:3]
    if how.test_time == "dense":
        corners = dense_corners(height, width, how.crops)
        answers = [_dense(model, photo, mean_image, corners, focal_px, device) for photo in photos]
        return Prediction(_concatenate(answers))
    images = network_input(photos, mean_image, centre_corner(height, width)).to(device)
    if how.test_time == "mc-dropout":
        return mean_and_sigma([unit_poses(raw) for raw in model.sample_poses(images, how.samples, generator)])
    return Prediction(unit_poses(model(images).main))


def dense_corners(height: int, width: int, count: int) -> list[Corner]:
    """`count` crops spaced uniformly over the photo, edge to edge, in the grid whose spacing is nearest to square."""
    grids = [(rows, count // rows) for rows in range(1, count + 1) if count % rows == 0]
    tall, wide = height - CROP, width - CROP

    def unevenness(grid: tuple[int, int]) -> float:
        spacing = [(room + 1) / number for room, number in zip((tall, wide), grid, strict=True)]
        return abs(math.log(spacing[0] / spacing[1]))

    rows, columns = min(grids, key=unevenness)
    return [Corner(top, left) for top in _spaced(tall, rows) for left in _spaced(wide, columns)]


def mean_and_sigma(samples: Sequence[PoseArray]) -> Prediction:
    """From S answers for the same N photos: positions' mean, quaternions' sign-aligned mean, and the spread of both."""
    position_m = np.stack([sample.position_m for sample in samples])  # (S, N, 3)
    quaternion_wxyz = np.stack([sample.quaternion_wxyz for sample in samples])  # (S, N, 4)
    mean = PoseArray(position_m.mean(axis=0), quaternion.aligned_mean(quaternion_wxyz))
    off_m = np.linalg.norm(position_m - mean.position_m, axis=-1)  # (S, N)
    off_deg = quaternion.angle_deg(quaternion_wxyz, mean.quaternion_wxyz[None])
    return Prediction(mean, PoseSigma(*(np.sqrt(np.mean(off**2, axis=0)) for off in (off_m, off_deg))))


def unit_poses(raw: Pose) -> PoseArray:
    """The network's raw quaternion becomes a unit one here, and only here (Kendall et al. 2015, section 3.1)."""
    quaternion_wxyz = quaternion.normalise(raw.quaternion_wxyz.double().cpu().numpy())
    return PoseArray(raw.position_m.double().cpu().numpy(), quaternion.canonical_sign(quaternion_wxyz))


def _dense(
    model: PoseNet,
    photo: Tensor,
    mean_image: Tensor,
    corners: Sequence[Corner],
    focal_px: float | None,
    device: torch.device,
) -> PoseArray:
    answers = []
    for start in range(0, len(corners), _AT_ONCE):
        crops = [network_input(photo, mean_image, corner) for corner in corners[start : start + _AT_ONCE]]
        answers.append(unit_poses(model(torch.stack(crops).to(device)).main))
    position_m, quaternion_wxyz = _concatenate(answers)
    if focal_px:
        quaternion_wxyz = turned_back(quaternion_wxyz, corners, tuple(photo.shape), focal_px)
    return mean_and_sigma([PoseArray(p[None], q[None]) for p, q in zip(position_m, quaternion_wxyz, strict=True)]).poses


def _concatenate(parts: Sequence[PoseArray]) -> PoseArray:
    return PoseArray(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def _spaced(room: int, number: int) -> list[int]:
    """`number` whole positions from 0 to `room`; one alone stands in the middle."""
    if number == 1:
        return [room // 2]
    return [round(room * step / (number - 1)) for step in range(number)]
