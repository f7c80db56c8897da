"""Errors of predicted poses, and baselines beside which they mean something. All results quoted come from here."""

from dataclasses import asdict, dataclass
from typing import NamedTuple

import numpy as np

from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray

# (metres, degrees) pairs of the relocalization literature: share of test photos within both.
THRESHOLDS = ((0.25, 2.0), (0.5, 5.0), (5.0, 10.0))


class PoseErrors(NamedTuple):
    """Distance of N predictions from the truth."""

    position_m: np.ndarray  # (N,) Euclidean, metres
    rotation_deg: np.ndarray  # (N,) angle of the rotation between, 0..180 degrees


@dataclass(frozen=True)
class Summary:
    """A result as it is quoted: median position and rotation error, and what else describes the distribution."""

    count: int
    median_position_m: float
    median_rotation_deg: float
    mean_position_m: float
    mean_rotation_deg: float
    p25_position_m: float
    p25_rotation_deg: float
    p75_position_m: float
    p75_rotation_deg: float
    p95_position_m: float
    p95_rotation_deg: float
    within: dict[str, float]  # "0.25 m, 2 deg" -> share of photos, 0..1

    def as_dict(self) -> dict:
        """For JSON."""
        return asdict(self)

    def in_words(self, unit: str) -> str:
        """The medians, with the scene's unit of lengths."""
        position, rotation = f"{self.median_position_m:.2f} {unit}", f"{self.median_rotation_deg:.2f} deg"
        return f"{position}, {rotation} (median over {self.count} photos)"

    def __str__(self) -> str:
        return self.in_words("m")


def pose_errors(predicted: PoseArray, true: PoseArray) -> PoseErrors:
    """Errors photo by photo; the definition is the paper's, with the rotation's factor 2 (see `quaternion.angle_deg`).

    Raises:
        ValueError: the numbers of poses differ, or a quaternion is zero.
    """
    if len(predicted.position_m) != len(true.position_m):
        raise ValueError(f"{len(predicted.position_m)} predictions for {len(true.position_m)} true poses")
    return PoseErrors(
        np.linalg.norm(np.asarray(predicted.position_m) - np.asarray(true.position_m), axis=-1),
        quaternion.angle_deg(predicted.quaternion_wxyz, true.quaternion_wxyz),
    )


def summarise(errors: PoseErrors) -> Summary:
    """Medians, means, percentiles and shares within thresholds."""
    percentiles = {
        f"p{q}_{name}": float(np.percentile(values, q))
        for q in (25, 75, 95)
        for name, values in errors._asdict().items()
    }
    return Summary(
        count=len(errors.position_m),
        median_position_m=float(np.median(errors.position_m)),
        median_rotation_deg=float(np.median(errors.rotation_deg)),
        mean_position_m=float(np.mean(errors.position_m)),
        mean_rotation_deg=float(np.mean(errors.rotation_deg)),
        **percentiles,
        within={
            f"{metres:g} m, {degrees:g} deg": float(
                np.mean((errors.position_m <= metres) & (errors.rotation_deg <= degrees))
            )
            for metres, degrees in THRESHOLDS
        },
    )
