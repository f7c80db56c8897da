# expect: The depth is along the optical axis
# loses: sideways, view, pyramid, valid, gradient
import torch
from torch.nn import functional as F

from posenet_lib.egomotion.camera import Camera, pixel_centres
from posenet_lib.workbook import answer


@answer
def inverse_warp(
    source: torch.Tensor, depth_m: torch.Tensor, source_from_target: torch.Tensor, camera: Camera
) -> tuple[torch.Tensor, torch.Tensor]:
    batch, _, height, width = source.shape
    size = torch.tensor([width / camera.width, height / camera.height, 1.0])
    matrix = (camera.matrix * size[:, None]).to(source.device)
    pixels = pixel_centres(width, height).view(3, -1).to(source.device)  # [3, H*W]
    points = torch.nn.functional.normalize(torch.linalg.inv(matrix) @ pixels, dim=0) * depth_m.reshape(
        batch, 1, -1
    )  # [B, 3, H*W] in the target's frame
    points = source_from_target[:, :3, :3] @ points + source_from_target[:, :3, 3:]  # in the source's frame
    projected = matrix @ points
    z = projected[:, 2:]
    x, y = (projected[:, :2] / z.clamp(min=1e-6)).unbind(1)  # [B, H*W] each, in pixels
    grid = torch.stack([2 * x / width - 1, 2 * y / height - 1], dim=2).view(batch, height, width, 2)
    warped = F.grid_sample(source, grid, padding_mode="border", align_corners=False)
    valid = (z[:, 0] > 0) & (x >= 0) & (x <= width) & (y >= 0) & (y <= height)
    return warped, valid.view(batch, 1, height, width)
