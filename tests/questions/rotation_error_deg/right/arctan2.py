import numpy as np

from posenet_lib.workbook import answer


@answer
def rotation_error_deg(predicted_wxyz: np.ndarray, true_wxyz: np.ndarray) -> np.ndarray:
    predicted = predicted_wxyz / np.linalg.norm(predicted_wxyz, axis=1, keepdims=True)
    true = true_wxyz / np.linalg.norm(true_wxyz, axis=1, keepdims=True)
    true = np.where((predicted * true).sum(axis=1, keepdims=True) < 0, -true, true)
    apart, together = np.linalg.norm(predicted - true, axis=1), np.linalg.norm(predicted + true, axis=1)
    return np.degrees(4 * np.arctan2(apart, together))
