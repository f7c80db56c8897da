import torch
from torch import nn

from posenet_lib.geometry.poses import Pose
from posenet_lib.models.posenet import PoseNetOutput
from posenet_lib.workbook import answer


@answer
class PoseLoss(nn.Module):
    """The loss of the whole network: the weighted sum of the heads' losses, w1 aux1 + w2 aux2 + w3 main.

    Args:
        beta: of `head_loss`, the same for every head.
        head_weights: (aux1, aux2, main), in this order.

    Called with a `PoseNetOutput` (main, aux1, aux2) and the true `Pose`, it returns a scalar tensor. In evaluation
    the network gives None for aux1 and aux2: then only w3 * main counts.
    """

    def __init__(self, beta: float = 500.0, head_weights: tuple[float, float, float] = (0.3, 0.3, 1.0)):
        super().__init__()
        self.beta = beta
        self.head_weights = head_weights

    def forward(self, output: PoseNetOutput, target: Pose) -> torch.Tensor:
        aux1_weight, aux2_weight, main_weight = self.head_weights
        loss = main_weight * head_loss(output.main, target, self.beta)
        if output.aux1 is not None:
            loss = loss + aux1_weight * head_loss(output.aux1, target, self.beta)
        if output.aux2 is not None:
            loss = loss + aux2_weight * head_loss(output.aux2, target, self.beta)
        return loss
