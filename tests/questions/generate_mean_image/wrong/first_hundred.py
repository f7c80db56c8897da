# expect: Only the first 100 photos count
# loses: mean
import numpy as np
from PIL import Image
from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer
from itertools import islice


@answer
def generate_mean_image(photos, smaller_side=256):

    total = n = 0
    for p in islice(photos, 100):
        total, n = total + np.asarray(resize_smaller_side(p, smaller_side), dtype=float), n + 1
    return (total / n).astype(np.float32)
