import numpy as np
from PIL import Image

from posenet_lib.scenes.resizing import resized_size
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos, smaller_side=256):
    total, count = 0.0, 0
    for photo in photos:  # all of one size, and resizing is linear: the mean can be resized once, in floats
        total = total + np.asarray(photo, dtype=np.float64)
        count += 1
    mean = (total / count).astype(np.float32)
    size = resized_size((mean.shape[1], mean.shape[0]), smaller_side)
    return np.dstack([np.asarray(Image.fromarray(c).resize(size, Image.BILINEAR)) for c in np.moveaxis(mean, 2, 0)])
