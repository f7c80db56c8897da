import numpy as np

from posenet_lib.geometry.similarity import Similarity
from posenet_lib.workbook import answer


@answer
def align_similarity(source: np.ndarray, target: np.ndarray) -> Similarity:
    """The similarity x -> scale * rotation @ x + shift that moves `source` onto `target` with the smallest residuals.

    Args:
        source: (N, 3), N >= 3: positions of cameras in one scene.
        target: (N, 3): the same cameras in the other scene, in the same order.

    Returns:
        Similarity(scale, rotation, shift): a float, a rotation matrix (3, 3) and (3,), for which the sum of
        |scale * rotation @ source_i + shift - target_i|^2 is as small as possible. The arguments stay unchanged.

    Raises:
        ValueError: the points do not determine it: they are on one line, or at one place.
    """
    middle, goal = source.mean(axis=0), target.mean(axis=0)
    a, b = source - middle, target - goal
    spread = np.linalg.svd(a, compute_uv=False)
    if len(source) < 3 or spread[1] <= 1e-9 * spread[0]:
        raise ValueError("the points are on one line or at one place: the rotation about it is free")
    u, d, vt = np.linalg.svd(b.T @ a / len(a))
    signs = np.array([1.0, 1.0, np.sign(np.linalg.det(u @ vt))])
    rotation = u @ np.diag(signs) @ vt
    scale = (d * signs).sum() / (a**2).sum(axis=1).mean()
    return Similarity(float(scale), rotation, goal - scale * rotation @ middle)
