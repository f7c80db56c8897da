import numpy as np
from torchvision.transforms import functional

from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos, smaller_side=256):
    images = [np.asarray(functional.resize(p, smaller_side), dtype=np.float64) for p in photos]
    return (sum(images) / len(images)).astype(np.float32)
