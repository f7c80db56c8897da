import torch
from torch import nn

from posenet_lib.workbook import answer


class Regressor(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(1024, 2048)
        self.drop = nn.Dropout(0.5)
        self.xyz, self.wpqr = nn.Linear(2048, 3), nn.Linear(2048, 4)

    def forward(self, x):
        x = self.drop(torch.relu(self.hidden(x)))
        return torch.cat([self.xyz(x), self.wpqr(x)], dim=1)


@answer
def replace_classifiers(net):
    net.fc, net.dropout = Regressor(), nn.Identity()
    net.aux1.fc2, net.aux2.fc2 = nn.Linear(1024, 7), nn.Linear(1024, 7)
    return net
