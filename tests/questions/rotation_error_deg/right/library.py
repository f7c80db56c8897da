import numpy as np

from posenet_lib.workbook import answer


@answer
def rotation_error_deg(predicted_wxyz: np.ndarray, true_wxyz: np.ndarray) -> np.ndarray:
    from posenet_lib.geometry.quaternion import angle_deg

    return angle_deg(predicted_wxyz, true_wxyz)
