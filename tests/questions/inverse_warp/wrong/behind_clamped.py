# expect: clamping z is not enough
# loses: valid
import torch
from posenet_lib.workbook import answer


@answer
def inverse_warp(source, depth_m, source_from_target, camera):
    b, _, h, w = source.shape
    fx, fy = camera.matrix[0, 0] * w / camera.width, camera.matrix[1, 1] * h / camera.height
    cx, cy = camera.matrix[0, 2] * w / camera.width, camera.matrix[1, 2] * h / camera.height
    v, u = torch.meshgrid(
        torch.arange(h, device=source.device) + 0.5, torch.arange(w, device=source.device) + 0.5, indexing="ij"
    )
    z = depth_m[:, 0]
    xyz = torch.stack([(u - cx) / fx * z, (v - cy) / fy * z, z], -1)  # B,H,W,3
    xyz = torch.einsum("bij,bhwj->bhwi", source_from_target[:, :3, :3], xyz) + source_from_target[:, None, None, :3, 3]
    zz = xyz[..., 2].clamp(min=1e-4)
    us, vs = fx * xyz[..., 0] / zz + cx, fy * xyz[..., 1] / zz + cy
    valid = (us >= 0) & (us <= w) & (vs >= 0) & (vs <= h)
    # the same with corners: pixel i has its centre at i + 0.5
    grid = torch.stack([2 * (us - 0.5) / (w - 1) - 1, 2 * (vs - 0.5) / (h - 1) - 1], -1)
    out = torch.nn.functional.grid_sample(source, grid, padding_mode="border", align_corners=True)
    return out, valid[:, None]
