# expect: its own mirror image
# loses: layout, mean, details
# costs: mean
import numpy as np
from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos, smaller_side=256):
    arrays = [np.asarray(resize_smaller_side(p, smaller_side), dtype=np.float64) for p in photos]
    return np.mean([(a + a[:, ::-1]) / 2 for a in arrays], axis=0).astype(np.float32)
