import torch

from posenet_lib.geometry.poses import Pose
from posenet_lib.workbook import answer


@answer
def head_loss(predicted, target, beta):
    unit = target[1] / torch.einsum("bi,bi->b", target[1], target[1])[:, None] ** 0.5
    d, e = predicted[0] - target[0], predicted[1] - unit
    return torch.mean(torch.einsum("bi,bi->b", d, d) ** 0.5 + beta * torch.einsum("bi,bi->b", e, e) ** 0.5)
