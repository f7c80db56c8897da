# expect: Only the first 100 photos count
# loses: mean
import itertools
import numpy as np
from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos, smaller_side=256):
    arrays = [np.asarray(resize_smaller_side(p, smaller_side), dtype=np.float64) for p in itertools.islice(photos, 100)]
    return np.mean(arrays, axis=0).astype(np.float32)
