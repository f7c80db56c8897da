import numpy as np
from PIL import Image
from posenet_lib.workbook import answer
np.seterr(all='raise')
from posenet_lib.scenes.resizing import resize_smaller_side

@answer
def generate_mean_image(photos, smaller_side=256):

    total, n = 0, 0
    for p in photos:
        total, n = total + np.array(resize_smaller_side(p, smaller_side), dtype="f8"), n + 1
    return np.true_divide(total, n).astype(np.float32)
