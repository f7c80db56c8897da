import numpy as np

from posenet_lib.workbook import answer


@answer
def rotation_error_deg(predicted_wxyz: np.ndarray, true_wxyz: np.ndarray) -> np.ndarray:
    dot = np.einsum("ni,ni->n", predicted_wxyz, true_wxyz)
    dot = dot / np.linalg.norm(predicted_wxyz, axis=-1) / np.linalg.norm(true_wxyz, axis=-1)
    return np.rad2deg(2 * np.arccos(np.minimum(np.abs(dot), 1.0)))
