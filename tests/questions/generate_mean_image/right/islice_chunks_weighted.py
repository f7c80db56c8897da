import numpy as np
from PIL import Image
from posenet_lib.workbook import answer
from itertools import islice
from posenet_lib.scenes.resizing import resize_smaller_side

@answer
def generate_mean_image(photos, smaller_side=256):

    photos, total, n = iter(photos), 0.0, 0
    while chunk := [np.asarray(resize_smaller_side(p, smaller_side), dtype=np.float64) for p in islice(photos, 4)]:
        total = total + np.mean(chunk, axis=0) * len(chunk)
        n += len(chunk)
    return (total / n).astype(np.float32)
