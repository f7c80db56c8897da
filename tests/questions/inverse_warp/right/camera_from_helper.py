import torch
import torch.nn.functional as F
from posenet_lib.workbook import answer
from posenet_lib.egomotion.camera import pixel_centres
from posenet_lib.egomotion.warp import resized_camera


@answer
def inverse_warp(source, depth_m, source_from_target, camera):
    B, _, H, W = source.shape
    camera = resized_camera(camera, W, H)
    rays = torch.linalg.inv(camera.matrix) @ pixel_centres(W, H).reshape(3, H * W)
    points = rays[None] * depth_m.reshape(B, 1, H * W)
    moved = torch.bmm(source_from_target[:, :3, :3], points) + source_from_target[:, :3, 3].unsqueeze(-1)
    image = camera.matrix.expand(B, 3, 3).bmm(moved)
    in_front = image[:, 2] > 0
    xy = image[:, :2] / image[:, 2:].clamp(min=1e-5)
    in_photo = (xy[:, 0] >= 0) & (xy[:, 0] <= W) & (xy[:, 1] >= 0) & (xy[:, 1] <= H)
    normal = xy * 2 / torch.tensor([W, H]).view(1, 2, 1) - 1
    warped = F.grid_sample(source, normal.permute(0, 2, 1).reshape(B, H, W, 2), padding_mode="border", align_corners=False)
    return warped, (in_front & in_photo).reshape(B, 1, H, W)
