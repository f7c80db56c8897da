from dataclasses import dataclass
import torch
from torch import nn

from posenet_lib.geometry.poses import Pose
from posenet_lib.models.posenet import PoseNetOutput
from posenet_lib.workbook import answer


@dataclass
class Settings:
    beta: float
    weights: tuple


@answer
class PoseLoss(nn.Module):
    def __init__(self, beta: float = 500.0, head_weights=(0.3, 0.3, 1.0)):
        nn.Module.__init__(self)
        self.settings = Settings(beta, tuple(head_weights))

    def forward(self, output, target):
        total = torch.zeros((), dtype=target.position_m.dtype)
        for weight, name in zip(self.settings.weights, ("aux1", "aux2", "main")):
            head = getattr(output, name)
            if head is not None:
                total = total + weight * head_loss(predicted=head, target=target, beta=self.settings.beta)
        return total
