# expect: those of the columns
# loses: angles, signs, lengths, ends
import numpy as np

from posenet_lib.workbook import answer


@answer
def rotation_error_deg(predicted_wxyz: np.ndarray, true_wxyz: np.ndarray) -> np.ndarray:
    predicted = predicted_wxyz / np.linalg.norm(predicted_wxyz, axis=0)
    true = true_wxyz / np.linalg.norm(true_wxyz, axis=0)
    cosine = np.clip(np.abs((predicted * true).sum(axis=1)), 0, 1)
    return np.degrees(2 * np.arccos(cosine))
