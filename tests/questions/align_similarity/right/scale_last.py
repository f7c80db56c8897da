import numpy as np
from posenet_lib.geometry.similarity import Similarity
from posenet_lib.workbook import answer

@answer
def align_similarity(source, target):
    a, b = source - source.mean(0, keepdims=True), target - target.mean(0, keepdims=True)
    if len(a) < 3 or np.linalg.norm(a) < 1e-12 or np.linalg.matrix_rank(a / np.linalg.norm(a), tol=1e-7) < 2:
        raise ValueError(f"{len(a)} points that are on a line")
    u, _, vt = np.linalg.svd(np.einsum("ni,nj->ij", b, a))
    u[:, 2] *= np.linalg.det(u @ vt)
    rotation = u @ vt
    moved = np.einsum("ij,nj->ni", rotation, a)
    scale = (moved * b).sum() / (moved * moved).sum()
    return Similarity(scale=scale, rotation=rotation, shift=target.mean(0) - scale * rotation.dot(source.mean(0)))
