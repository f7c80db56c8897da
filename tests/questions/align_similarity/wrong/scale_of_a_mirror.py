# expect: its singular value is subtracted, not added
# loses: mirror
import numpy as np

from posenet_lib.geometry.similarity import Similarity
from posenet_lib.workbook import answer


@answer
def align_similarity(source: np.ndarray, target: np.ndarray) -> Similarity:
    middle, goal = source.mean(axis=0), target.mean(axis=0)
    a, b = source - middle, target - goal
    spread = np.linalg.svd(a, compute_uv=False)
    if len(source) < 3 or spread[1] <= 1e-9 * spread[0]:
        raise ValueError("the points are on one line")
    u, d, vt = np.linalg.svd(b.T @ a / len(a))
    signs = np.array([1.0, 1.0, np.sign(np.linalg.det(u @ vt))])
    rotation = u @ np.diag(signs) @ vt
    scale = d.sum() / (a**2).sum(axis=1).mean()
    shift = goal - scale * rotation @ middle
    return Similarity(float(scale), rotation, shift)
