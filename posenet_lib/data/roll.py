"""The camera turned about its viewing axis: the photo turns about its centre, the quaternion with it."""

import math

import numpy as np
import torch
from torch import Tensor

from posenet_lib.geometry import quaternion


def rolled_photo(photo: Tensor, mean_image: Tensor, roll_deg: float) -> Tensor:
    """The photo that the turned camera takes, (H, W, 3) uint8 -> (H, W, 3) float32 in 0..255.

    Things in the photo turn clockwise for a positive angle. What the turned camera would see outside the photo is
    unknown and becomes the mean image, so that nothing is left of it once that is subtracted.

    Args:
        mean_image: (H, W, 3) float32 in 0..255; it does not turn, as it does not for any other photo.
    """
    height, width = photo.shape[:2]
    y, x = torch.meshgrid(
        torch.arange(height, device=photo.device) + (0.5 - height / 2),
        torch.arange(width, device=photo.device) + (0.5 - width / 2),
        indexing="ij",
    )
    cosine, sine = math.cos(math.radians(roll_deg)), math.sin(math.radians(roll_deg))
    from_x, from_y = cosine * x + sine * y, cosine * y - sine * x  # where the pixel was before the turn
    grid = torch.stack([from_x / (width / 2), from_y / (height / 2)], dim=-1)[None]  # -1..1 from edge to edge
    turned = torch.nn.functional.grid_sample(
        photo.movedim(-1, 0)[None].float(), grid, mode="bilinear", padding_mode="border", align_corners=False
    )[0].movedim(0, -1)
    inside = (grid[0].abs() <= 1).all(dim=-1, keepdim=True)
    return torch.where(inside, turned, mean_image)


def rolled_quaternion(quaternion_wxyz: np.ndarray, roll_deg: float | np.ndarray) -> np.ndarray:
    """World-to-camera rotation of the turned camera: after the old one, a turn about the camera's z axis.

    (..., 4) and one angle for each, or for all -> (..., 4).
    """
    half = np.radians(roll_deg) / 2
    turn = np.stack([np.cos(half), np.zeros_like(half), np.zeros_like(half), np.sin(half)], axis=-1)
    return quaternion.canonical_sign(quaternion.multiply(turn, quaternion_wxyz))
