import numpy as np
from posenet_lib.geometry.similarity import Similarity
from posenet_lib.workbook import answer

def centred(points):
    mean = sum(points) / len(points)
    return mean, np.stack([point - mean for point in points])

@answer
def align_similarity(source, target):
    (mean_a, a), (mean_b, b) = centred(source), centred(target)
    covariance = sum(np.outer(q, p) for p, q in zip(a, b)) / len(a)
    lengths = np.sort(np.linalg.eigvalsh(a.T @ a))[::-1]
    if not lengths[1] > 1e-14 * lengths[0]:
        raise ValueError("The points lie on a line.")
    u, d, vt = np.linalg.svd(covariance)
    if np.linalg.det(u @ vt) < 0:
        u = u @ np.diag([1, 1, -1])
        d = d * [1, 1, -1]
    rotation = u @ vt
    scale = d.sum() / a.var(axis=0).sum()
    result = Similarity(scale, rotation, mean_b - scale * rotation @ mean_a)
    return result
