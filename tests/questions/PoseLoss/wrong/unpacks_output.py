# expect: The weights go to the wrong heads
# loses: training, evaluation, module
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
        aux1, aux2, main = output
        loss = 0.0
        for weight, head in ((w1, aux1), (w2, aux2), (w3, main)):
            if head is not None:
                loss = loss + weight * head_loss(head, target, self.beta)
        return loss
