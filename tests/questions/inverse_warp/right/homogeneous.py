import torch
import torch.nn.functional as F
from posenet_lib.workbook import answer
from posenet_lib.egomotion.camera import pixel_centres


@answer
def inverse_warp(source, depth_m, source_from_target, camera):
    B, C, H, W = source.shape
    K = torch.eye(4, device=source.device)
    K[:3, :3] = camera.matrix
    K[0] *= W / camera.width
    K[1] *= H / camera.height
    p = pixel_centres(W, H).to(source.device).reshape(1, 3, -1).expand(B, -1, -1)
    cam = K[:3, :3].inverse() @ p * depth_m.reshape(B, 1, -1)
    cam = torch.cat([cam, torch.ones_like(cam[:, :1])], 1)
    q = (K @ source_from_target @ cam)[:, :3]
    uv = q[:, :2] / (q[:, 2:] + 1e-8)
    size = torch.tensor([W, H], device=source.device).view(1, 2, 1)
    inside = ((uv >= 0) & (uv <= size)).all(1) & (q[:, 2] > 0)
    g = (uv / size * 2 - 1).transpose(1, 2).reshape(B, H, W, 2)
    return F.grid_sample(source, g, mode="bilinear", padding_mode="border", align_corners=False), inside.reshape(B, 1, H, W)
