# expect: has an empty border
# loses: layout, mean, details
# costs: layout
import numpy as np
from PIL import Image
from posenet_lib.scenes.resizing import resized_size
from posenet_lib.workbook import answer


@answer
def generate_mean_image(photos, smaller_side=256):
    a = []
    for p in photos:
        w, h = resized_size(p.size, smaller_side)
        canvas = Image.new("RGB", (w, h))
        q = p.copy()
        q.thumbnail((int(w * 0.9), int(h * 0.9)))
        canvas.paste(q, ((w - q.width) // 2, (h - q.height) // 2))
        a.append(np.asarray(canvas, dtype=float))
    return np.mean(a, axis=0).astype(np.float32)
