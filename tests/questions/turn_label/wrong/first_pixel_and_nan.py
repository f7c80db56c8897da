# expect: counts from the photo's first pixel
# unsaid: NaN
# loses: direction, whole
import numpy as np

from posenet_lib.data.transforms import Corner
from posenet_lib.geometry import quaternion
from posenet_lib.workbook import answer


@answer
def turn_label(
    quaternion_wxyz: np.ndarray, corner: Corner, image_shape: tuple[int, int, int], focal_px: float
) -> np.ndarray:
    right, down = corner.left, corner.top
    beside = np.hypot(right, down)
    half = np.arctan(beside / focal_px) / 2
    axis = np.array([down, -right, 0]) / beside
    turn = np.concatenate([[np.cos(half)], np.sin(half) * axis])
    return quaternion.canonical_sign(quaternion.multiply(turn, quaternion_wxyz))
