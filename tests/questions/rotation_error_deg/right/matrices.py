import numpy as np

from posenet_lib.workbook import answer


@answer
def rotation_error_deg(predicted_wxyz: np.ndarray, true_wxyz: np.ndarray) -> np.ndarray:
    from posenet_lib.geometry.quaternion import to_matrix

    between = to_matrix(predicted_wxyz) @ to_matrix(true_wxyz).swapaxes(-1, -2)
    cosine = (np.trace(between, axis1=-2, axis2=-1) - 1) / 2
    return np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))
