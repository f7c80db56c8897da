import numpy as np

from posenet_lib.data.transforms import Corner
from posenet_lib.geometry import quaternion
from posenet_lib.workbook import answer


@answer
def turn_label(
    quaternion_wxyz: np.ndarray, corner: Corner, image_shape: tuple[int, int, int], focal_px: float
) -> np.ndarray:
    h, w = image_shape[:2]
    offset = complex(corner[1] - (w - 224) // 2, corner[0] - (h - 224) // 2)
    half = np.arctan2(abs(offset), focal_px) / 2
    phase = np.angle(offset)
    turn = np.array([np.cos(half), np.sin(half) * np.sin(phase), -np.sin(half) * np.cos(phase), 0.0])
    print(turn)
    return quaternion.canonical_sign(quaternion.multiply(turn, quaternion_wxyz))
