# expect: It gives an answer for points on a line
# loses: degenerate
import numpy as np

from posenet_lib.geometry.similarity import Similarity
from posenet_lib.workbook import answer


@answer
def align_similarity(source: np.ndarray, target: np.ndarray) -> Similarity:
    middle, goal = source.mean(axis=0), target.mean(axis=0)
    a, b = source - middle, target - goal
    u, d, vt = np.linalg.svd(b.T @ a / len(a))
    signs = np.array([1.0, 1.0, np.sign(np.linalg.det(u @ vt))])
    rotation = u @ np.diag(signs) @ vt
    scale = (d * signs).sum() / max((a**2).sum(axis=1).mean(), 1e-12)
    shift = goal - scale * rotation @ middle
    return Similarity(float(scale), rotation, shift)
