"""Errors of predicted poses, and baselines beside which they mean something. All results quoted come from here."""

from dataclasses import asdict, dataclass
from typing import NamedTuple

import numpy as np

from posenet_lib import quaternion
from posenet_lib.image_store import ImageStore
from posenet_lib.poses import PoseArray

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

    def __str__(self) -> str:
        return f"{self.median_position_m:.2f} m, {self.median_rotation_deg:.2f} deg (median over {self.count} photos)"


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


class Baselines(NamedTuple):
    """What no network is needed for; a result means something only beside these."""

    mean_pose: PoseErrors  # always answer the mean training pose
    nearest_photo: PoseErrors  # copy the pose of the training photo that looks most alike
    oracle: PoseErrors  # copy the training pose that is nearest in truth: the best that any retrieval can do


def baselines(train: PoseArray, test: PoseArray, train_store: ImageStore, test_store: ImageStore) -> Baselines:
    """All three on one split."""
    alike = nearest_photos(train_store, test_store)
    return Baselines(
        mean_pose_errors(train, test),
        pose_errors(PoseArray(train.position_m[alike], train.quaternion_wxyz[alike]), test),
        nearest_pose_errors(train, test),
    )


def mean_pose_errors(train: PoseArray, test: PoseArray) -> PoseErrors:
    """Errors of always answering the mean training pose."""
    count = len(test.position_m)
    position_m = np.tile(train.position_m.mean(axis=0), (count, 1))
    return pose_errors(PoseArray(position_m, np.tile(quaternion.mean(train.quaternion_wxyz), (count, 1))), test)


def nearest_pose_errors(train: PoseArray, test: PoseArray) -> PoseErrors:
    """For each test pose, the errors of the training pose that is nearest in position."""
    distance = np.linalg.norm(test.position_m[:, None] - train.position_m[None], axis=-1)
    nearest = distance.argmin(axis=1)
    return pose_errors(PoseArray(train.position_m[nearest], train.quaternion_wxyz[nearest]), test)


def nearest_photos(train_store: ImageStore, test_store: ImageStore) -> np.ndarray:
    """For each test photo, the index of the training photo with the most similar thumbnail, (N_test,).

    Thumbnails are 16 pixels high, brought to zero mean and unit variance so that light matters less.
    """
    train, test = _thumbnails(train_store), _thumbnails(test_store)
    return np.argmax(test @ train.T, axis=1)


def _thumbnails(store: ImageStore) -> np.ndarray:
    """(N, features), unit length."""
    features = []
    for photo in store.photos():
        thumbnail = np.asarray(photo.resize((photo.width * 16 // photo.height, 16), reducing_gap=3.0), np.float32)
        features.append((thumbnail - thumbnail.mean(axis=(0, 1))).ravel())
    features = np.array(features)
    return features / np.linalg.norm(features, axis=1, keepdims=True).clip(min=1e-6)
