import torch
from posenet_lib.workbook import answer
import torch.nn.functional as F

@answer
def head_loss(predicted, target, beta):

    # 목표 쿼터니언만 정규화한다
    q = F.normalize(target.quaternion_wxyz, dim=-1)
    위치 = (predicted.position_m - target.position_m).norm(dim=-1)
    자세 = (predicted.quaternion_wxyz - q).norm(dim=-1)
    return torch.mean(위치 + beta * 자세)
