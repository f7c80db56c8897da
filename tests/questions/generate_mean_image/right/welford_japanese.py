import numpy as np
from PIL import Image
from posenet_lib.workbook import answer

def size_of(p, s):
    w, h = p.size
    return (s, h * s // w) if w < h else (w * s // h, s)

@answer
def generate_mean_image(photos, smaller_side=256):

    # 逐次平均
    平均 = None
    for n, 写真 in enumerate(photos, start=1):
        x = np.array(写真.resize(size_of(写真, smaller_side), Image.BILINEAR), dtype=np.float64)
        平均 = x if 平均 is None else 平均 + (x - 平均) / n
    return 平均.astype("float32")
