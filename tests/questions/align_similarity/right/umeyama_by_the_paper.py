import numpy as np
from posenet_lib.workbook import answer
from posenet_lib.geometry.similarity import Similarity
@answer
def align_similarity(source, target):
    n = source.shape[0]
    mu_x, mu_y = source.mean(0), target.mean(0)
    sigma_x2 = np.sum((source - mu_x) ** 2) / n
    Sigma = (target - mu_y).T @ (source - mu_x) / n
    if np.linalg.matrix_rank(source - mu_x, tol=1e-8) < 2:
        raise ValueError("degenerate")
    U, D, Vt = np.linalg.svd(Sigma)
    S = np.eye(3)
    if np.linalg.det(U) * np.linalg.det(Vt) < 0:
        S[2, 2] = -1
    R = U @ S @ Vt
    c = np.trace(np.diag(D) @ S) / sigma_x2
    return Similarity(c, R, mu_y - c * R @ mu_x)
