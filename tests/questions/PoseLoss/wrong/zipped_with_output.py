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
        heads = [(weight, head) for weight, head in zip(self.head_weights, output) if head is not None]
        return sum(weight * head_loss(head, target, self.beta) for weight, head in heads)
