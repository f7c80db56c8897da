import torch
import numpy as np

from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos, smaller_side=256):
    total, count = torch.zeros(()), 0
    for photo in photos:
        total = total + torch.from_numpy(np.array(resize_smaller_side(photo, smaller_side))).float()
        count += 1
    return (total / count).numpy()
