# expect: You turn twice
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
    yaw, pitch = np.arctan(right / focal_px) / 2, np.arctan(down / focal_px) / 2
    about_y = np.array([np.cos(yaw), 0, -np.sin(yaw), 0])
    about_x = np.array([np.cos(pitch), np.sin(pitch), 0, 0])
    turn = quaternion.multiply(about_x, about_y)
    return quaternion.canonical_sign(quaternion.multiply(turn, quaternion_wxyz))
