# expect: used for all three heads
# loses: training, module
# costs: training
# sub-check: training, with the default values
import torch
from torch import nn

from posenet_lib.geometry.poses import Pose
from posenet_lib.models.posenet import PoseNetOutput
from posenet_lib.workbook import answer


@answer
class PoseLoss(nn.Module):
    def __init__(self, beta: float = 500.0, head_weights: tuple[float, float, float] = (0.3, 0.3, 1.0)):
        super().__init__()
        self.beta = beta
        self.head_weights = head_weights

    def forward(self, output: PoseNetOutput, target: Pose) -> torch.Tensor:
        w1, w2, w3 = self.head_weights
        loss = w3 * head_loss(output.main, target, self.beta)
        if output.aux1 is not None:
            loss = loss + w1 * head_loss(output.main, target, self.beta)
            loss = loss + w2 * head_loss(output.main, target, self.beta)
        return loss
