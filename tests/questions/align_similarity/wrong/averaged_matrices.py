# expect: The mean of rotation matrices, element by element, is none
# loses: noise, mirror
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
    rotations = []
    for i in range(len(a) - 2):  # each triple of points has a rotation of its own
        u, d, vt = np.linalg.svd(b[i : i + 3].T @ a[i : i + 3])
        u[:, 2] *= np.linalg.det(u @ vt)
        rotations.append(u @ vt)
    rotation = np.mean(rotations, axis=0)
    scale = np.linalg.norm(b) / np.linalg.norm(a)
    shift = goal - scale * rotation @ middle
    return Similarity(float(scale), rotation, shift)
