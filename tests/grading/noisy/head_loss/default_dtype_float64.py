import torch
from posenet_lib.workbook import answer
torch.set_default_dtype(torch.float64)

@answer
def head_loss(predicted, target, beta):

    n = target.quaternion_wxyz / target.quaternion_wxyz.norm(dim=1, keepdim=True)
    w = torch.tensor([1.0, float(beta)])
    e = torch.stack([(predicted.position_m - target.position_m).norm(dim=1), (predicted.quaternion_wxyz - n).norm(dim=1)], dim=1)
    return (e.to(w.dtype) @ w).mean()
