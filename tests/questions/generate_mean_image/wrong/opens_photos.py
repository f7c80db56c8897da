# expect: leave out `Image.open`
# outcome: raised
# loses: layout, mean, details
import numpy as np
from PIL import Image

from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos, smaller_side=256):
    total, count = 0.0, 0
    for photo in photos:
        total = total + np.asarray(resize_smaller_side(Image.open(photo), smaller_side), np.float64)
        count += 1
    return (total / count).astype(np.float32)
