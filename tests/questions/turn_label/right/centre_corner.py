import numpy as np

from posenet_lib.data.transforms import centre_corner
from posenet_lib.geometry import quaternion
from posenet_lib.workbook import answer


@answer
def turn_label(quaternion_wxyz, corner, image_shape, focal_px):
    down, right = np.subtract(corner, centre_corner(*image_shape[:2]))
    direction = np.array([right, down, focal_px])
    axis = np.cross(direction, [0, 0, 1])
    turn = np.array([np.linalg.norm(direction) + focal_px, *axis])
    q = quaternion.multiply(turn / np.linalg.norm(turn), quaternion_wxyz)
    return q if q[0] >= 0 else -q
