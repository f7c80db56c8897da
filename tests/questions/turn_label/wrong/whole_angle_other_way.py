# expect: Two things are wrong. The camera turns the other way round. Test it: a crop on the right means a turn to the right. A quaternion holds half the angle
# loses: direction, whole
import numpy as np

from posenet_lib.data.transforms import Corner
from posenet_lib.geometry import quaternion
from posenet_lib.workbook import answer


@answer
def turn_label(
    quaternion_wxyz: np.ndarray, corner: Corner, image_shape: tuple[int, int, int], focal_px: float
) -> np.ndarray:
    height, width, _ = image_shape
    right, down = corner.left - (width - 224) // 2, corner.top - (height - 224) // 2
    beside = np.hypot(right, down)
    if beside == 0:
        return quaternion.canonical_sign(quaternion_wxyz)
    half = np.arctan(beside / focal_px)
    axis = np.array([-down, right, 0]) / beside
    turn = np.concatenate([[np.cos(half)], np.sin(half) * axis])
    return quaternion.canonical_sign(quaternion.multiply(turn, quaternion_wxyz))
