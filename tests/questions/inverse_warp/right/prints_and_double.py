import torch
import torch.nn.functional as F
from posenet_lib.workbook import answer
from posenet_lib.egomotion.camera import pixel_centres


@answer
def inverse_warp(source, depth_m, source_from_target, camera):
    B, C, H, W = source.shape
    print("warping", source.shape)
    K = camera.matrix.double() * torch.tensor([[W / camera.width], [H / camera.height], [1.0]]).double()
    P = K.inverse() @ pixel_centres(W, H).double().view(3, -1) * depth_m.double().view(B, 1, -1)
    T = source_from_target.double()
    P = K @ (T[:, :3, :3] @ P + T[:, :3, 3:])
    z = P[:, 2:3]
    xy = P[:, :2] / z.clamp_min(1e-9)
    lim = torch.tensor([W, H]).view(1, 2, 1)
    valid = ((xy >= 0) & (xy <= lim) & (z > 0)).all(dim=1).view(B, 1, H, W)
    grid = (2 * xy / lim - 1).mT.view(B, H, W, 2).float()
    return F.grid_sample(source, grid, padding_mode="border", align_corners=False), valid
