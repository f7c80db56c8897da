# expect: without antialiasing
# loses: details
import numpy as np
import torch

from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos, smaller_side=256):
    total, count = 0.0, 0
    for photo in photos:
        width, height = photo.size
        size = (smaller_side, int(smaller_side * width / height))
        if width < height:
            size = (int(smaller_side * height / width), smaller_side)
        pixels = torch.from_numpy(np.array(photo)).permute(2, 0, 1)[None].double()
        total = total + torch.nn.functional.interpolate(pixels, size=size, mode="bilinear")[0].permute(1, 2, 0)
        count += 1
    return (total / count).float().numpy()
