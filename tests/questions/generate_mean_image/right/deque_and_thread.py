import numpy as np
from PIL import Image
from posenet_lib.workbook import answer
from posenet_lib.scenes.resizing import resize_smaller_side

@answer
def generate_mean_image(photos, smaller_side=256):

    from concurrent.futures import ThreadPoolExecutor
    with ThreadPoolExecutor(2) as pool:
        arrays = pool.map(lambda p: np.asarray(resize_smaller_side(p, smaller_side), dtype=np.float64), photos)
        total = n = 0
        for a in arrays:
            total, n = total + a, n + 1
    return np.asarray(total / n, dtype=np.float32)
