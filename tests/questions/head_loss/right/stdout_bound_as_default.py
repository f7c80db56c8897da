import torch
from posenet_lib.workbook import answer
import sys
sys_out = sys.stdout
err = sys.stderr

@answer
def head_loss(predicted, target, beta):

    print("beta", beta, file=sys_out)
    sys.stderr.write("to the other one\n")
    err.write("bound\n")
    a = torch.linalg.norm(predicted.position_m - target.position_m, dim=1)
    b = torch.linalg.norm(predicted.quaternion_wxyz - target.quaternion_wxyz / torch.linalg.norm(target.quaternion_wxyz, dim=1, keepdim=True), dim=1)
    return a.mean() + beta * b.mean()
