import torch
from posenet_lib.workbook import answer
import builtins
old = builtins.print
def print(*a, **k):
    old('>>>', *a, **k)
builtins.print = print

@answer
def head_loss(predicted, target, beta):

    print("nothing to see", predicted)
    q = target.quaternion_wxyz
    return torch.mean(torch.cdist(predicted.position_m[:, None], target.position_m[:, None])[:, 0, 0] + beta * torch.cdist(predicted.quaternion_wxyz[:, None], (q / q.norm(dim=1, keepdim=True))[:, None])[:, 0, 0])
