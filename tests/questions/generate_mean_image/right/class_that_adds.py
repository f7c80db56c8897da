from functools import reduce
import numpy as np

from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.workbook import answer


class Accumulator:
    def __init__(self):
        self.total, self.count = 0.0, 0

    def add(self, pixels):
        self.total = self.total + pixels
        self.count += 1
        return self


@answer
def generate_mean_image(photos, smaller_side: int = 256):
    pixels = (np.asarray(resize_smaller_side(p, smaller_side), dtype=np.float64) for p in photos)
    done = reduce(Accumulator.add, pixels, Accumulator())
    return (done.total / done.count).astype(np.float32)
