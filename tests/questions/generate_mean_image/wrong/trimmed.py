# expect: brightest and the darkest value of each pixel are left out
# loses: mean, details
# costs: mean
import numpy as np
from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos, smaller_side=256):
    arrays = [np.asarray(resize_smaller_side(p, smaller_side), dtype=np.float64) for p in photos]
    s = np.sort(np.stack(arrays), axis=0)
    s = s[1:-1] if len(s) > 2 else s
    return s.mean(axis=0).astype(np.float32)
