# expect: The factor 2 belongs outside
# loses: angles, signs, lengths
import numpy as np

from posenet_lib.workbook import answer


@answer
def rotation_error_deg(predicted_wxyz: np.ndarray, true_wxyz: np.ndarray) -> np.ndarray:
    predicted = predicted_wxyz / np.linalg.norm(predicted_wxyz, axis=1, keepdims=True)
    true = true_wxyz / np.linalg.norm(true_wxyz, axis=1, keepdims=True)
    cosine = np.clip(np.abs((predicted * true).sum(axis=1)), 0, 1)
    return np.degrees(np.arccos(2 * cosine - 1))
