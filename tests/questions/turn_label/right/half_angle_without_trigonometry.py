import numpy as np

from posenet_lib.data.transforms import Corner
from posenet_lib.geometry import quaternion
from posenet_lib.workbook import answer


@answer
def turn_label(
    quaternion_wxyz: np.ndarray, corner: Corner, image_shape: tuple[int, int, int], focal_px: float
) -> np.ndarray:
    height, width, _ = image_shape
    right = (corner.left - (width - 224) // 2) / focal_px
    down = (corner.top - (height - 224) // 2) / focal_px
    turn = quaternion.normalise(np.array([1 + np.sqrt(1 + right**2 + down**2), down, -right, 0]))
    return quaternion.canonical_sign(quaternion.multiply(turn, quaternion_wxyz))
