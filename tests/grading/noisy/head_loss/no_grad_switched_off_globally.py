import torch
from posenet_lib.workbook import answer
torch.set_grad_enabled(False)

@answer
def head_loss(predicted, target, beta):

    with torch.enable_grad():
        l = target.quaternion_wxyz.norm(dim=1, keepdim=True)
        return ((predicted.position_m - target.position_m).norm(dim=1) + beta * (predicted.quaternion_wxyz - target.quaternion_wxyz / l).norm(dim=1)).mean()
