import numpy as np
from PIL import Image
from posenet_lib.workbook import answer

def _new_size(photo, side):
    width, height = photo.size
    scale = side / min(width, height)
    if width < height:
        return side, int(side * height / width)
    return int(side * width / height), side

@answer
def generate_mean_image(pictures, side=256):
    # other argument names, and a helper
    acc = None
    n = 0
    for pic in pictures:
        arr = np.array(pic.resize(_new_size(pic, side), resample=Image.BILINEAR)).astype('float64')
        acc = arr if acc is None else acc + arr
        n += 1
    acc /= n
    return acc.astype('float32')
