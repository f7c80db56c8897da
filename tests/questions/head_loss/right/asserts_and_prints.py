import torch

from posenet_lib.geometry.poses import Pose
from posenet_lib.workbook import answer


import numpy as np  # not needed


@answer
def head_loss(predicted, target, beta):
    assert predicted.position_m.shape == target.position_m.shape, "shapes"
    norms = target.quaternion_wxyz.norm(p=2, dim=1).clamp(min=1e-12)
    print("norms", norms)
    unit = (target.quaternion_wxyz.T / norms).T
    return (predicted.position_m - target.position_m).norm(dim=1).mean() + beta * (predicted.quaternion_wxyz - unit).norm(dim=1).mean()
