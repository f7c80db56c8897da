import torch
import torch.nn.functional as F
from posenet_lib.workbook import answer


@answer
def inverse_warp(source, depth_m, source_from_target, camera):
    # x_s ~ K (R K^-1 x d + t): all in one matrix
    n, _, h, w = source.shape
    S = torch.diag(torch.tensor([w / camera.width, h / camera.height, 1.0]))
    K = S @ camera.matrix
    u = torch.arange(w).add(0.5).repeat(h)
    v = torch.arange(h).add(0.5).repeat_interleave(w)
    x = torch.stack([u, v, torch.ones_like(u)])
    A = K @ source_from_target[:, :3, :3] @ torch.inverse(K)
    b = K @ source_from_target[:, :3, 3, None]
    q = torch.matmul(A, x) * depth_m.flatten(2) + b
    z = q[:, 2]
    safe = torch.where(z > 1e-6, z, torch.full_like(z, 1e-6))
    px, py = q[:, 0] / safe, q[:, 1] / safe
    valid = (z > 0) & px.ge(0) & px.le(w) & py.ge(0) & py.le(h)
    grid = torch.stack([px * 2 / w - 1, py * 2 / h - 1], dim=-1).reshape(n, h, w, 2)
    return F.grid_sample(source, grid, "bilinear", "border", False), valid.reshape(n, 1, h, w)
