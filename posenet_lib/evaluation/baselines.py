"""Baselines: answers that need no network. A result means something only beside these."""

from typing import NamedTuple

import numpy as np

from posenet_lib.core.errors import WorkbookError
from posenet_lib.evaluation.errors import PoseErrors, pose_errors
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray, nearest_poses
from posenet_lib.scenes.photo_store import ImageStore


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
        pose_errors(train.take(alike), test),
        nearest_pose_errors(train, test),
    )


def mean_pose_errors(train: PoseArray, test: PoseArray) -> PoseErrors:
    """Errors of always answering the mean training pose."""
    count = len(test.position_m)
    position_m = np.tile(train.position_m.mean(axis=0), (count, 1))
    return pose_errors(PoseArray(position_m, np.tile(quaternion.mean(train.quaternion_wxyz), (count, 1))), test)


def nearest_pose_errors(train: PoseArray, test: PoseArray) -> PoseErrors:
    """For each test pose, the errors of the training pose that is nearest in position."""
    nearest = nearest_poses(test, among=train)
    return pose_errors(train.take(nearest), test)


def nearest_photos(train_store: ImageStore, test_store: ImageStore) -> np.ndarray:
    """For each test photo, the index of the training photo with the most similar thumbnail, (N_test,).

    Thumbnails are 16 pixels high, brought to zero mean and unit variance so that light matters less.

    Raises:
        WorkbookError: the test photos have another shape than the training photos.
    """
    (height, width, _), (other_height, other_width, _) = train_store.image_shape, test_store.image_shape
    if (height, width) != (other_height, other_width):
        raise WorkbookError(
            f"{test_store.names[0]}: {other_width}x{other_height} after resizing, but {train_store.names[0]} is "
            f"{width}x{height}; all photos of a scene need one shape"
        )
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
