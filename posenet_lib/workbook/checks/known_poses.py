"""Poses whose errors are known by hand, because their differences are Pythagorean: (2, 3, 6) has length 7.

A head's loss is then plain arithmetic on the two columns `distance_m` and `quaternion_distance`.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch

from posenet_lib.geometry.poses import Pose
from posenet_lib.workbook.checks.running import SubCheck


class Photo(NamedTuple):
    """One photo of a batch: how wrong its prediction is, and the length of those errors."""

    position_error: tuple[float, float, float]
    distance_m: float
    unit_wxyz: tuple[float, float, float, float]  # the true rotation
    quaternion_error: tuple[float, float, float, float]  # predicted quaternion minus unit_wxyz
    quaternion_distance: float
    true_length: float = 1.0  # the target holds true_length * unit_wxyz


SIMPLE = Photo((3, 4, 0), 5, (0.8, 0.6, 0, 0), (0, 0, 0.3, 0.4), 0.5)
BATCH = (
    Photo((1, 2, 2), 3, (0.5, 0.5, 0.5, 0.5), (0.1, 0.2, 0.2, 0.4), 0.5),
    Photo((2, -3, 6), 7, (0.2, 0.4, 0.4, 0.8), (0.2, -0.4, 0.5, 0.6), 0.9),
    Photo((-6, 2, 9), 11, (0.1, -0.5, 0.5, 0.7), (0.1, 0.1, -0.1, 0.1), 0.2),
)
NO_SHIFT = {"position_error": (0, 0, 0), "distance_m": 0}
NO_TURN = {"quaternion_error": (0, 0, 0, 0), "quaternion_distance": 0}
NON_UNIT = tuple(photo._replace(true_length=length) for photo, length in zip(BATCH, (2.0, 0.5, -3.0), strict=True))


@dataclass
class Probe:
    """A batch as tensors, made fresh for every call, with its errors by hand."""

    photos: tuple[Photo, ...]
    beta: float

    @property
    def lengths(self) -> tuple[np.ndarray, np.ndarray]:
        """Known errors of each photo: metres [B], quaternion distance [B]."""
        return np.array([p.distance_m for p in self.photos]), np.array([p.quaternion_distance for p in self.photos])

    def column(self, name: str) -> np.ndarray:
        """One field of all photos, [B, 3] or [B, 4] or [B]."""
        return np.array([getattr(photo, name) for photo in self.photos], dtype=np.float64)

    @property
    def target_wxyz(self) -> np.ndarray:
        """The target's quaternions as they are, not normalised, [B, 4]."""
        return self.column("true_length")[:, None] * self.column("unit_wxyz")

    @property
    def predicted_wxyz(self) -> np.ndarray:
        """The predicted quaternions, [B, 4]. A negative length in the target flips the rotation's sign."""
        return np.sign(self.column("true_length"))[:, None] * self.column("unit_wxyz") + self.column("quaternion_error")

    def poses(self) -> tuple[Pose, Pose]:
        """(predicted with gradients, target), float32."""
        camera_m = np.arange(3.0 * len(self.photos)).reshape(-1, 3) - 4
        predicted = Pose(_leaf(camera_m + self.column("position_error")), _leaf(self.predicted_wxyz))
        return predicted, Pose(_tensor(camera_m), _tensor(self.target_wxyz))


def _tensor(values: np.ndarray) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float32)


def _leaf(values: np.ndarray) -> torch.Tensor:
    return _tensor(values).requires_grad_()


def with_norms(sub_check: SubCheck) -> SubCheck:
    """A sub-check of an exercise that takes norms: where shapes do not fit, it says what a norm does to its axis."""

    def explain(answer: object, error: BaseException) -> str:
        if "must match the size of tensor" not in str(error):
            return ""
        return (
            f"Print both shapes. A norm with `keepdim=True` keeps its axis, with size 1. {sub_check.if_raised}".strip()
        )

    return sub_check._replace(explain=explain)
