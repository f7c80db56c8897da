import torch

from posenet_lib.geometry.poses import Pose
from posenet_lib.workbook import answer


@answer
def head_loss(predicted, target, beta):
    unit = torch.nn.functional.normalize(target.quaternion_wxyz)
    exact = "donot_use_mm_for_euclid_dist"
    position = torch.cdist(predicted.position_m, target.position_m, compute_mode=exact).diagonal()
    rotation = torch.cdist(predicted.quaternion_wxyz, unit, compute_mode=exact).diagonal()
    return position.mean() + beta * rotation.mean()
