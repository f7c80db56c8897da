"""View synthesis: a photo computed from another one, with depth and motion (Zhou et al. 2017, equation 2)."""

import torch
from torch import Tensor
from torch.nn import functional as F

from posenet_lib.egomotion.camera import Camera, pixel_centres


def resized_camera(camera: Camera, width: int, height: int) -> Camera:
    """The matrix of the same photos at another size: the first row counts columns, the second one rows."""
    factors = torch.tensor([[width / camera.width], [height / camera.height], [1.0]])
    return Camera(camera.matrix * factors.to(camera.matrix), width, height)


def look_up(depth_m: Tensor, source_from_target: Tensor, camera: Camera) -> tuple[Tensor, Tensor]:
    """Where the target's pixels are seen in the source photo.

    Args:
        depth_m: [B, 1, H, W], of the target along the optical axis.
        source_from_target: [B, 4, 4], takes points of the target's frame to the source's.
        camera: of photos of any size.

    Returns:
        Places [B, 2, H, W], column and row in pixels, and whether each point is in front of the camera [B, 1, H, W].
    """
    height, width = depth_m.shape[2:]
    matrix = resized_camera(camera, width, height).matrix.to(depth_m.device)
    pixels = pixel_centres(width, height).to(depth_m.device)
    rays = torch.einsum("ij,jhw->ihw", torch.linalg.inv(matrix), pixels)  # [3, H, W], z = 1
    turned = torch.einsum("bij,jhw->bihw", matrix @ source_from_target[:, :3, :3], rays) * depth_m
    x, y, z = (turned + (matrix @ source_from_target[:, :3, 3:])[..., None]).unbind(dim=1)  # [B, H, W] each
    ahead = z > 0
    z = torch.where(ahead, z, torch.ones_like(z)).clamp(min=1e-6)
    return torch.stack([x / z, y / z], dim=1), ahead[:, None]


def sample(source: Tensor, places: Tensor) -> tuple[Tensor, Tensor]:
    """Photos [B, C, H, W] at places [B, 2, H, W] in pixels, bilinear, the border going on; and which are inside."""
    height, width = source.shape[2:]
    shares = places / torch.tensor([width, height], device=places.device).view(1, 2, 1, 1)
    inside = ((shares >= 0) & (shares <= 1)).all(dim=1, keepdim=True)
    grid = (2 * shares - 1).permute(0, 2, 3, 1)
    return F.grid_sample(source, grid, padding_mode="border", align_corners=False), inside


def inverse_warp(source: Tensor, depth_m: Tensor, source_from_target: Tensor, camera: Camera) -> tuple[Tensor, Tensor]:
    """The target photo put together from the source's pixels.

    Args:
        source: [B, C, H, W].
        depth_m, source_from_target, camera: as in `look_up`.

    Returns:
        Photos [B, C, H, W], and where they are valid, bool [B, 1, H, W]: ahead of the source camera, inside its photo.
    """
    places, ahead = look_up(depth_m, source_from_target, camera)
    warped, inside = sample(source, places)
    return warped, inside & ahead
