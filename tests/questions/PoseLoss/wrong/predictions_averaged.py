# expect: heads' predictions were averaged
# loses: training, evaluation, module
# costs: training
from torch import nn

from posenet_lib.geometry.poses import Pose
from posenet_lib.workbook import answer


@answer
class PoseLoss(nn.Module):
    def __init__(self, beta=500.0, head_weights=(0.3, 0.3, 1.0)):
        super().__init__()
        self.beta = beta
        self.head_weights = head_weights

    def forward(self, output, target):
        heads = [h for h in zip(self.head_weights, (output.aux1, output.aux2, output.main)) if h[1] is not None]
        total = sum(weight for weight, _ in heads)
        position = sum(weight * head.position_m for weight, head in heads) / total
        quaternion = sum(weight * head.quaternion_wxyz for weight, head in heads) / total
        return head_loss(Pose(position, quaternion), target, self.beta)
