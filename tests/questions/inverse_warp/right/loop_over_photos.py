import torch
import torch.nn.functional as F
from posenet_lib.workbook import answer
from posenet_lib.egomotion.camera import pixel_centres


def one(photo, depth, T, K):
    c, h, w = photo.shape
    p = pixel_centres(w, h).to(photo).flatten(1)
    X = torch.linalg.solve(K, p) * depth.flatten()
    X = T[:3, :3] @ X + T[:3, 3:4]
    x, y, z = K @ X
    ok = z > 0
    x, y = x / z.clamp(min=1e-3), y / z.clamp(min=1e-3)
    g = torch.stack((x / w, y / h), 1).mul(2).sub(1).view(1, h, w, 2)
    ok = ok & (x >= 0) & (x <= w) & (y >= 0) & (y <= h)
    return F.grid_sample(photo[None], g, padding_mode="border", align_corners=False)[0], ok.view(1, h, w)


@answer
def inverse_warp(source, depth_m, source_from_target, camera):
    h, w = source.shape[-2:]
    K = camera.matrix.clone().to(source)
    K[0] = K[0] * w / camera.width
    K[1] = K[1] * h / camera.height
    out = [one(s, d, T, K) for s, d, T in zip(source, depth_m, source_from_target)]
    return torch.stack([o[0] for o in out]), torch.stack([o[1] for o in out])
