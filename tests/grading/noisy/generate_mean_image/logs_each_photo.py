import numpy as np
from PIL import Image
from posenet_lib.workbook import answer
import logging, sys
logging.basicConfig(level='INFO', force=True)
log = logging.getLogger(__name__)

def size_of(p, s):
    w, h = p.size
    return (s, h * s // w) if w < h else (w * s // h, s)

@answer
def generate_mean_image(photos, smaller_side=256):

    logging.info("start")
    acc = None
    for i, p in enumerate(photos):
        log.info("photo %d %s", i, p.size)
        sys.stderr.write("*")
        a = np.asarray(p.resize(size_of(p, smaller_side), Image.BILINEAR)).astype(np.float64)
        acc = a.copy() if acc is None else acc + a
    return (acc / (i + 1)).astype(np.float32)
