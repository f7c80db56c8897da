import numpy as np

from posenet_lib.data.transforms import Corner
from posenet_lib.geometry import quaternion
from posenet_lib.workbook import answer


@answer
def turn_label(
    quaternion_wxyz: np.ndarray, corner: Corner, image_shape: tuple[int, int, int], focal_px: float
) -> np.ndarray:
    height, width, _ = image_shape
    d = np.array([corner.left - (width - 224) // 2, corner.top - (height - 224) // 2, focal_px], dtype=float)
    d /= np.linalg.norm(d)
    z = np.array([0.0, 0.0, 1.0])
    v, c = np.cross(d, z), d @ z
    k = np.array([[0, -v[2], v[1]], [v[2], 0, -v[0]], [-v[1], v[0], 0]])
    turn = np.eye(3) + k + k @ k / (1 + c)
    return quaternion.from_matrix(turn @ quaternion.to_matrix(quaternion_wxyz))
