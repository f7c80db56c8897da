# attacks: generate_mean_image
# trick: allocates an image of a terapixel
import numpy as np
def generate_mean_image(photos, smaller_side=256):
    return np.ones((10**6, 10**6, 3), np.float32)
