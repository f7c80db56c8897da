import numpy as np
from posenet_lib.geometry.similarity import Similarity
from posenet_lib.workbook import answer

@answer
def align_similarity(source: np.ndarray, target: np.ndarray) -> Similarity:
    ca = np.mean(source, axis=0)
    cb = np.mean(target, axis=0)
    A = (source - ca).T
    B = (target - cb).T
    s = np.linalg.svd(A)[1]
    if s.size < 2 or s[1] < 1e-9 * s[0] or s[0] == 0:
        raise ValueError("collinear")
    H = A @ B.T
    U, S, Vt = np.linalg.svd(H)
    V = Vt.T
    d = np.linalg.det(V @ U.T)
    D = np.diag([1, 1, 1 if d > 0 else -1])
    R = V @ D @ U.T
    scale = np.trace(D @ np.diag(S)) / np.trace(A @ A.T)
    return Similarity(scale, R, cb - scale * (R @ ca))
