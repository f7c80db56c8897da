# expect: The photo was not resized
# loses: layout, details
# costs: layout
import numpy as np
from PIL import Image
from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos, smaller_side=256):

    photos = list(photos)
    s = min(smaller_side, *photos[0].size)
    return np.mean([np.asarray(resize_smaller_side(p, s), dtype=float) for p in photos], axis=0).astype(np.float32)
