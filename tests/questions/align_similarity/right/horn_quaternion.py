import numpy as np
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.similarity import Similarity
from posenet_lib.workbook import answer

@answer
def align_similarity(source, target):
    """Horn 1987: the quaternion is the leading eigenvector of a 4x4 matrix."""
    a, b = source - source.mean(axis=0), target - target.mean(axis=0)
    values = np.linalg.eigvalsh(a.T @ a)
    if values[1] < 1e-12 * max(values[2], 1e-300):
        raise ValueError("points on a line")
    m = a.T @ b
    n = np.zeros((4, 4))
    n[0, 0] = np.trace(m)
    n[0, 1:] = n[1:, 0] = [m[1, 2] - m[2, 1], m[2, 0] - m[0, 2], m[0, 1] - m[1, 0]]
    n[1:, 1:] = m + m.T - np.trace(m) * np.eye(3)
    q = np.linalg.eigh(n)[1][:, -1]
    rotation = quaternion.to_matrix(q)
    turned = a @ rotation.T
    scale = np.sum(turned * b) / np.sum(a * a)
    return Similarity(float(scale), rotation, target.mean(axis=0) - scale * rotation @ source.mean(axis=0))
