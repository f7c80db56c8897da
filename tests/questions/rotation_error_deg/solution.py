import numpy as np

from posenet_lib.workbook import answer


@answer
def rotation_error_deg(predicted_wxyz: np.ndarray, true_wxyz: np.ndarray) -> np.ndarray:
    """The angle of the rotation between two orientations, for N photos: 2 arccos |<q1, q2>| of unit quaternions.

    Args:
        predicted_wxyz: (N, 4), quaternions of any length but 0, as the network gives them.
        true_wxyz: (N, 4), also of any length. q and -q are the same rotation.

    Returns:
        (N,) degrees in 0..180, never NaN. The arguments stay unchanged.
    """
    predicted = predicted_wxyz / np.linalg.norm(predicted_wxyz, axis=1, keepdims=True)
    true = true_wxyz / np.linalg.norm(true_wxyz, axis=1, keepdims=True)
    cosine = np.clip(np.abs((predicted * true).sum(axis=1)), 0, 1)  # rounding makes 1.0000000000000002 of 1
    return np.degrees(2 * np.arccos(cosine))
