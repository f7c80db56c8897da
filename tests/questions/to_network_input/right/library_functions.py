import torch

from posenet_lib.data.transforms import Corner, crop, normalise, subtract_mean
from posenet_lib.workbook import answer


@answer
def to_network_input(photo, mean_image, corner):
    return normalise(crop(subtract_mean(photo, mean_image), corner))
