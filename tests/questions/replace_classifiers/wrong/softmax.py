# expect: A softmax turns the 7 numbers
# loses: outputs
from torch import nn
from torchvision.models import GoogLeNet

from posenet_lib.workbook import answer


@answer
def replace_classifiers(net: GoogLeNet) -> GoogLeNet:
    for head in (net.aux1, net.aux2):
        head.fc2 = nn.Linear(1024, 7)
    net.dropout = nn.Identity()
    net.fc = nn.Sequential(
        nn.Linear(1024, 2048), nn.ReLU(inplace=True), nn.Dropout(p=0.5), nn.Linear(2048, 7), nn.Softmax(dim=1)
    )
    return net
