import numpy as np

from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos, smaller_side=256):
    sums, n = None, 0
    for photo in photos:
        rows = [list(row) for row in np.asarray(resize_smaller_side(photo, smaller_side))]
        if sums is None:
            sums = [row.copy() for row in rows]
            sums = [[pixel.astype(float) for pixel in row] for row in sums]
        else:
            for i, row in enumerate(rows):
                for j, pixel in enumerate(row):
                    sums[i][j] += pixel
        n += 1
    return np.array([[pixel / n for pixel in row] for row in sums], dtype=np.float32)
