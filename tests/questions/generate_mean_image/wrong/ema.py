# expect: Late photos count more
# loses: mean, details
# costs: mean
# also: 0.9 -> 0.5, 0.8, 0.95, 0.99, 0.999
import numpy as np
from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos, smaller_side=256):
    mean = None
    for p in photos:
        a = np.asarray(resize_smaller_side(p, smaller_side), dtype=np.float64)
        mean = a if mean is None else 0.9 * mean + (1 - 0.9) * a
    return mean.astype(np.float32)
