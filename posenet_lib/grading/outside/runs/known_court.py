"""How well a network knows a court, by its errors on hidden photos; and which of several courts it knows."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from posenet_lib.core.errors import WorkbookError
from posenet_lib.evaluation.errors import pose_errors
from posenet_lib.evaluation.predict import predict_photos
from posenet_lib.grading.outside.runs.hidden_photos import HiddenPhotos
from posenet_lib.models.checkpoint import Checkpoint

_SCREENED = 4  # photos of each court that are tried first
_KNOWS, _MUCH_BETTER = 0.5, 0.5  # at most this share of the mean pose's errors, and of the share in the own court


@dataclass(frozen=True)
class CourtErrors:
    """Median errors in one court, and their share of the mean pose's: the larger one of position and rotation."""

    court_seed: int
    position_m: float
    rotation_deg: float
    share: float


def errors_in(checkpoint: Checkpoint, court: HiddenPhotos, photos: int | None = None) -> CourtErrors:
    """Predict the first `photos` (all by default) and compare.

    Raises:
        WorkbookError: the photos do not fit the network, or it predicts something that is no pose.
    """
    which = np.linspace(0, len(court.files) - 1, photos or len(court.files)).round().astype(int)
    try:
        poses = predict_photos(checkpoint, [court.files[k] for k in which]).poses
    except WorkbookError:
        raise WorkbookError(
            f"its mean image is {checkpoint.mean_image.shape[1]}x{checkpoint.mean_image.shape[0]}, which is not the "
            "shape of the court's photos (480x270)"
        ) from None
    except (ValueError, RuntimeError):  # a quaternion of length 0, or one that is not finite
        raise WorkbookError("it predicts something that is no pose") from None
    if not all(np.isfinite(part).all() for part in poses):
        raise WorkbookError("it predicts something that is no pose")
    errors = pose_errors(poses, court.true.take(which))
    position, rotation = float(np.median(errors.position_m)), float(np.median(errors.rotation_deg))
    mean_pose = court.mean_pose
    share = max(position / mean_pose.median_position_m, rotation / mean_pose.median_rotation_deg)
    return CourtErrors(court.court_seed, position, rotation, share)


def court_that_it_knows(
    checkpoint: Checkpoint, own: CourtErrors, courts: Mapping[int, HiddenPhotos]
) -> CourtErrors | None:
    """The other court that a network knows much better than its own, if there is one."""
    others = [court for seed, court in courts.items() if seed != own.court_seed]
    likely = sorted((errors_in(checkpoint, court, _SCREENED) for court in others), key=lambda found: found.share)
    for first in likely[:2]:
        found = errors_in(checkpoint, courts[first.court_seed])
        if found.share <= min(_KNOWS, _MUCH_BETTER * own.share):
            return found
    return None
