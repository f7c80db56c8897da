"""Unit quaternions in the workbook's one convention, which everything else refers to.

A camera's orientation is a unit quaternion **wxyz** (the data sets' lists call the four numbers W P Q R): w first,
and it rotates **world to camera**, so a world point X has camera coordinates ``R(q) @ (X - x)`` when the camera
centre is x. The camera looks along its own +z, x points right and y down in the photo. q and -q are the same rotation;
lists are brought to w >= 0 when they are read. Source: Kendall et al., ICCV 2015, section 3, and the Cambridge
Landmarks lists. All functions take NumPy arrays of shape (..., 4) or (..., 3, 3) and work in float64.
"""

import numpy as np


def normalise(quaternion_wxyz: np.ndarray) -> np.ndarray:
    """Scale to unit length, (..., 4) -> (..., 4).

    Raises:
        ValueError: a quaternion is zero or not finite, so that it names no rotation.
    """
    quaternion_wxyz = np.asarray(quaternion_wxyz, dtype=np.float64)
    length = np.linalg.norm(quaternion_wxyz, axis=-1, keepdims=True)
    if not np.all(np.isfinite(length)) or np.any(length < 1e-12):
        raise ValueError(f"a quaternion of length 0, NaN or infinity is no rotation: {quaternion_wxyz.tolist()}")
    return quaternion_wxyz / length


def canonical_sign(quaternion_wxyz: np.ndarray) -> np.ndarray:
    """Of q and -q, the one with w >= 0 (for w = 0: whose first non-zero number is positive), (..., 4) -> (..., 4)."""
    quaternion_wxyz = np.asarray(quaternion_wxyz, dtype=np.float64)
    first_nonzero = np.argmax(quaternion_wxyz != 0, axis=-1)[..., None]
    sign = np.where(np.take_along_axis(quaternion_wxyz, first_nonzero, axis=-1) < 0, -1.0, 1.0)
    return sign * quaternion_wxyz + 0.0  # + 0.0 turns the -0.0 that a flip makes into 0.0


def angle_deg(first_wxyz: np.ndarray, second_wxyz: np.ndarray) -> np.ndarray:
    """Angle of the rotation between two orientations in degrees, (..., 4) and (..., 4) -> (...), in 0..180.

    ``2 acos(|<q1, q2>|)`` on normalised inputs: the factor 2 is the one that the ICCV 2015 table lacks. Computed as
    ``4 atan2(|q1 - q2|, |q1 + q2|)``, which is the same number and, unlike acos, keeps its precision near zero.
    """
    first, second = normalise(first_wxyz), normalise(second_wxyz)
    second = np.where(np.sum(first * second, axis=-1, keepdims=True) < 0, -second, second)
    return np.degrees(
        4.0 * np.arctan2(np.linalg.norm(first - second, axis=-1), np.linalg.norm(first + second, axis=-1))
    )


def to_matrix(quaternion_wxyz: np.ndarray) -> np.ndarray:
    """Rotation matrices, (..., 4) -> (..., 3, 3); world to camera for a pose's quaternion."""
    w, x, y, z = np.moveaxis(normalise(quaternion_wxyz), -1, 0)
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def from_matrix(rotation: np.ndarray) -> np.ndarray:
    """Quaternions with w >= 0 of rotation matrices, (..., 3, 3) -> (..., 4).

    Bar-Itzhack's method: the quaternion is the leading eigenvector of a symmetric 4x4 matrix. It has no special
    cases, and for a matrix that rounding left slightly off orthogonal it gives the nearest rotation.

    Raises:
        ValueError: a matrix is not a rotation (off orthogonal by more than 1e-2, or a mirror).
    """
    m = np.asarray(rotation, dtype=np.float64)
    if not np.isfinite(m).all():
        raise ValueError("not a rotation matrix: it holds a number that is not finite")
    off_orthogonal = np.abs(m @ np.swapaxes(m, -1, -2) - np.eye(3)).max()
    if off_orthogonal > 1e-2 or np.any(np.linalg.det(m) < 0):
        raise ValueError(
            f"not a rotation matrix: R R^T differs from the identity by {off_orthogonal:.3g} (0.01 allowed), "
            f"determinant {np.linalg.det(m)} (1 expected)"
        )
    trace = np.trace(m, axis1=-2, axis2=-1)
    k = np.zeros((*m.shape[:-2], 4, 4))
    k[..., 0, 0] = trace
    k[..., 1:, 1:] = m + np.swapaxes(m, -1, -2) - trace[..., None, None] * np.eye(3)
    axis = np.stack([m[..., 2, 1] - m[..., 1, 2], m[..., 0, 2] - m[..., 2, 0], m[..., 1, 0] - m[..., 0, 1]], axis=-1)
    k[..., 0, 1:] = axis
    k[..., 1:, 0] = axis
    return canonical_sign(np.linalg.eigh(k)[1][..., -1])


def multiply(second_wxyz: np.ndarray, first_wxyz: np.ndarray) -> np.ndarray:
    """The rotation `first`, then `second`: the Hamilton product, (..., 4) and (..., 4) -> (..., 4)."""
    a, b, c, d = np.moveaxis(np.asarray(second_wxyz, dtype=np.float64), -1, 0)
    w, x, y, z = np.moveaxis(np.asarray(first_wxyz, dtype=np.float64), -1, 0)
    product = [
        a * w - b * x - c * y - d * z,
        a * x + b * w + c * z - d * y,
        a * y - b * z + c * w + d * x,
        a * z + b * y - c * x + d * w,
    ]
    return np.stack(product, axis=-1)


def aligned_mean(quaternions_wxyz: np.ndarray) -> np.ndarray:
    """Mean of N answers that lie close together, (N, ..., 4) -> (..., 4): signs brought to the first's, then averaged.

    The average of q and -q would be 0 although both are the same rotation.
    """
    q = normalise(quaternions_wxyz)
    signs = np.where(np.sum(q * q[:1], axis=-1, keepdims=True) < 0, -1.0, 1.0)
    return canonical_sign(normalise((signs * q).mean(axis=0)))


def mean(quaternions_wxyz: np.ndarray) -> np.ndarray:
    """The mean rotation, (N, 4) -> (4,): leading eigenvector of the sum of q q^T, so signs don't matter."""
    q = normalise(quaternions_wxyz)
    return canonical_sign(np.linalg.eigh(q.T @ q)[1][:, -1])
