import numpy as np

from posenet_lib.workbook import answer


@answer
def rotation_error_deg(predicted_wxyz: np.ndarray, true_wxyz: np.ndarray) -> np.ndarray:
    predicted = predicted_wxyz / np.linalg.norm(predicted_wxyz, axis=1, keepdims=True)
    true = true_wxyz / np.linalg.norm(true_wxyz, axis=1, keepdims=True)
    cosine = np.sum(predicted * true, 1)
    return np.degrees(np.arccos(np.clip(2 * cosine**2 - 1, -1, 1)))
