import numpy as np
import torch
from posenet_lib.geometry.similarity import Similarity
from posenet_lib.workbook import answer

@answer
def align_similarity(source, target):
    x, y = torch.from_numpy(source), torch.from_numpy(target)
    mx, my = x.mean(0), y.mean(0)
    x, y = x - mx, y - my
    if torch.linalg.svdvals(x)[1] < 1e-9 * (1e-30 + torch.linalg.svdvals(x)[0]) or x.abs().max() == 0:
        raise ValueError("degenerate points")
    u, d, vh = torch.linalg.svd(y.T @ x)
    s = torch.ones(3, dtype=x.dtype)
    s[2] = torch.sign(torch.det(u) * torch.det(vh))
    r = u @ torch.diag(s) @ vh
    c = (d * s).sum() / (x * x).sum()
    return Similarity(c.item(), r.numpy(), (my - c * r @ mx).numpy())
