import torch
from torch.nn import functional as F

from posenet_lib.egomotion.camera import Camera, pixel_centres
from posenet_lib.workbook import answer


@answer
def inverse_warp(
    source: torch.Tensor, depth_m: torch.Tensor, source_from_target: torch.Tensor, camera: Camera
) -> tuple[torch.Tensor, torch.Tensor]:
    """The target photo, put together from the source photo's pixels (Zhou et al. 2017, equation 2).

    For each pixel of the target: back-project it with its depth, move the point into the source camera's frame, project
    it, and sample the source photo there (bilinear; `padding_mode="border"`).

    Args:
        source: photos [B, C, H, W].
        depth_m: depth of each pixel of the target along the optical axis, [B, 1, H, W], above 0.
        source_from_target: [B, 4, 4], takes points from the target camera's frame to the source camera's.
        camera: its `matrix` [3, 3] is for photos of `width` x `height` pixels. These photos may be smaller or larger.
            The centre of the first pixel is at (0.5, 0.5).

    Returns:
        The warped photos [B, C, H, W], and valid [B, 1, H, W] (bool): whether the point is in front of the source
        camera and inside its photo, 0 <= x <= W and 0 <= y <= H.
    """
    batch, _, height, width = source.shape
    size = torch.tensor([width / camera.width, height / camera.height, 1.0])
    matrix = (camera.matrix * size[:, None]).to(source.device)
    pixels = pixel_centres(width, height).view(3, -1).to(source.device)  # [3, H*W]
    points = (torch.linalg.inv(matrix) @ pixels) * depth_m.reshape(batch, 1, -1)  # [B, 3, H*W] in the target's frame
    points = source_from_target[:, :3, :3] @ points + source_from_target[:, :3, 3:]  # in the source's frame
    projected = matrix @ points
    z = projected[:, 2:]
    x, y = (projected[:, :2] / z.clamp(min=1e-6)).unbind(1)  # [B, H*W] each, in pixels
    grid = torch.stack([2 * x / width - 1, 2 * y / height - 1], dim=2).view(batch, height, width, 2)
    warped = F.grid_sample(source, grid, padding_mode="border", align_corners=False)
    valid = (z[:, 0] > 0) & (x >= 0) & (x <= width) & (y >= 0) & (y <= height)
    return warped, valid.view(batch, 1, height, width)
