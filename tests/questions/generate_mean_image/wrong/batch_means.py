# expect: mean of batches (of 4 photos
# loses: mean, details
# costs: mean
# also: 4 -> 2, 3, 5, 8, 10, 16, 20, 32, 50, 64, 100
import numpy as np
from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos, smaller_side=256):
    arrays = [np.asarray(resize_smaller_side(p, smaller_side), dtype=np.float64) for p in photos]
    means = [np.mean(arrays[i : i + 4], axis=0) for i in range(0, len(arrays), 4)]
    return np.mean(means, axis=0).astype(np.float32)
