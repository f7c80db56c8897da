import torch
from torch import nn

from posenet_lib.models.googlenet import Inception, InceptionChannels
from posenet_lib.workbook import answer


@answer
class InceptionBlock(Inception):
    def __init__(self, c: InceptionChannels):
        super().__init__(c, batch_norm=False)
