import torch.nn.functional as F
from torch import Tensor, cat, nn

from posenet_lib.models.googlenet import InceptionChannels
from posenet_lib.workbook import answer


@answer
class InceptionBlock(nn.Module):
    def __init__(self, c: InceptionChannels):
        super().__init__()
        self.a = nn.Conv2d(c.inputs, c.one, 1)
        self.b1 = nn.Conv2d(c.inputs, c.reduce_three, 1)
        self.b2 = nn.Conv2d(c.reduce_three, c.three, 3, padding=1)
        self.c1 = nn.Conv2d(c.inputs, c.reduce_five, 1)
        self.c2 = nn.Conv2d(c.reduce_five, c.five, 5, padding=2)
        self.d = nn.Conv2d(c.inputs, c.projection, 1)

    def forward(self, x: Tensor) -> Tensor:
        a = self.a(x)
        b = self.b2(F.relu(self.b1(x)))
        c = self.c2(F.relu(self.c1(x)))
        d = self.d(F.max_pool2d(x, 3, 1, 1))
        return F.relu(cat((a, b, c, d), 1))
