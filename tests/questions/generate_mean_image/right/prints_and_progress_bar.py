from tqdm import tqdm
import numpy as np

from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos, smaller_side=256):
    import sys
    total, count = 0.0, 0
    for photo in tqdm(photos):
        print("photo", count, photo.size)
        print("debug", file=sys.stderr)
        total = total + np.asarray(resize_smaller_side(photo, smaller_side), dtype=np.float64)
        count += 1
    return (total / count).astype(np.float32)


print("defined", generate_mean_image)
