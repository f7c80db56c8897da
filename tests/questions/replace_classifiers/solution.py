from torch import nn
from torchvision.models import GoogLeNet

from posenet_lib.workbook import answer


@answer
def replace_classifiers(net: GoogLeNet) -> GoogLeNet:
    """Make PoseNet of a classifier: torchvision's GoogLeNet, with the paper's two changes, in place.

    1. All three classifiers become regressors of 7 numbers, three for the position and then four for the quaternion:
       `net.aux1.fc2` and `net.aux2.fc2`, which read 1024 features each, and `net.fc`, which reads 1024 as well.
    2. In `net.fc`, a fully connected layer of 2048 features stands before the 7 numbers: linear, ReLU, dropout 0.5,
       linear. (torchvision's own `net.dropout` stands before `net.fc`; it becomes `nn.Identity()`.)

    Everything else stays, with its weights: they are why one starts from a classifier.

    Args:
        net: made with `aux_logits=True`, for any number of classes.

    Returns:
        The same network. In training it gives three tensors [B, 7], in evaluation one.
    """
    for head in (net.aux1, net.aux2):
        head.fc2 = nn.Linear(1024, 7)
    net.dropout = nn.Identity()
    net.fc = nn.Sequential(nn.Linear(1024, 2048), nn.ReLU(inplace=True), nn.Dropout(p=0.5), nn.Linear(2048, 7))
    return net
