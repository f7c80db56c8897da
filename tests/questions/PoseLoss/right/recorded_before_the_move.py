import torch
from torch import nn

from posenet_lib.posenet import Pose, PoseNetOutput
from posenet_lib.workbook import answer


@answer
class PoseLoss(nn.Module):
    def __init__(self, beta: float = 500.0, head_weights: tuple[float, float, float] = (0.3, 0.3, 1.0)):
        super().__init__()
        self.beta = beta
        self.head_weights = PoseNetOutput(main=head_weights[2], aux1=head_weights[0], aux2=head_weights[1])

    def forward(self, output: PoseNetOutput, target: Pose) -> torch.Tensor:
        losses = output._replace(
            **{name: head_loss(head, target, self.beta) for name, head in output._asdict().items() if head is not None}
        )
        return sum(weight * loss for weight, loss in zip(self.head_weights, losses) if loss is not None)
