# expect: The constant is 1.0039
# loses: mean, details
# costs: mean
import numpy as np
from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos, smaller_side=256):
    arrays = [np.asarray(resize_smaller_side(p, smaller_side), dtype=np.float64) for p in photos]
    return (sum(a / 255 for a in arrays) / len(arrays) * 256).astype(np.float32)
