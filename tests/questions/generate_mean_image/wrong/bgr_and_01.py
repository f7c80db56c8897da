# expect: blue, green, red
# loses: mean, details
import numpy as np
from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos, smaller_side=256):
    arrays = [np.asarray(resize_smaller_side(p, smaller_side), dtype=np.float64) for p in photos]
    return (np.mean([a[:, :, ::-1] for a in arrays], axis=0) / 255).astype(np.float32)
