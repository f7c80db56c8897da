from torch import nn
from torchvision.models import GoogLeNet

from posenet_lib.workbook import answer


@answer
def replace_classifiers(net: GoogLeNet) -> GoogLeNet:
    for head in (net.aux1, net.aux2):
        setattr(head, 'fc2', nn.Linear(head.fc2.in_features, 3 + 4))
    net.dropout = nn.Identity()
    net.fc = nn.Sequential(nn.Linear(net.fc.in_features, 2048), nn.ReLU(inplace=True), nn.Dropout(p=0.5), nn.Linear(2048, 7))
    return net
