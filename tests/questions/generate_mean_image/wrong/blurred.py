# expect: blurred or sharpened
# loses: mean, details
# costs: mean
import numpy as np
from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos, smaller_side=256):
    from PIL import ImageFilter

    r = [
        np.asarray(resize_smaller_side(p, smaller_side).filter(ImageFilter.GaussianBlur(1)), dtype=float)
        for p in photos
    ]
    return np.float32(np.mean(r, axis=0))
