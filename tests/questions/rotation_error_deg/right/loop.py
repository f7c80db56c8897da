import numpy as np

from posenet_lib.workbook import answer


@answer
def rotation_error_deg(predicted_wxyz: np.ndarray, true_wxyz: np.ndarray) -> np.ndarray:
    errors = []
    for p, q in zip(predicted_wxyz, true_wxyz):
        c = abs(float(p @ q)) / (float(p @ p) * float(q @ q)) ** 0.5
        errors.append(2 * np.arccos(min(c, 1.0)) * 180 / np.pi)
    return np.array(errors)
