"""Absolute poses of a walk's photos, to be fused with motions: a PoseNet's answers, or the most similar photos'."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional

from posenet_lib.core.config import PredictConfig
from posenet_lib.core.device import inference_device
from posenet_lib.core.errors import WorkbookError
from posenet_lib.egomotion.frames import Frames
from posenet_lib.evaluation.errors import pose_errors
from posenet_lib.evaluation.predict import predict_batch
from posenet_lib.evaluation.prediction import join_predictions, moved
from posenet_lib.fast import for_prediction
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.models.checkpoint import LAST, load_checkpoint
from posenet_lib.scenes.photos import open_photo
from posenet_lib.training.best_epoch import best_epoch
from posenet_lib.training.history import EpochRecord

_BATCH = 32  # photos at once
_NEAR = 30  # photos of one walk that are no further apart are of one place
_SAME_VIEW = 0.02  # the focal lengths, in widths of the photo, may differ by so much


class Relocalizer(NamedTuple):
    """What says where photos were taken, and its usual errors where it was not trained: medians."""

    name: str
    poses: list[PoseArray]  # one a walk
    position_m: float
    rotation_deg: float


def posenet_relocalizer(run: str | Path, frames: Frames, walks: Sequence[np.ndarray]) -> Relocalizer:
    """A run of `posenet train`. Its usual errors are those on the training photos that it held out.

    Args:
        frames: photos of the scene that it was trained on.
        walks: photo numbers, walk by walk.

    Raises:
        WorkbookError: there is no such run, or its photos were taken by another camera.
    """
    checkpoint = load_checkpoint(run)
    height, width, _ = checkpoint.mean_image.shape
    view = frames.camera.width_per_depth
    if checkpoint.focal_px is not None and abs(checkpoint.focal_px / width / view - 1) > _SAME_VIEW:
        raise WorkbookError(
            f"{run} learned from photos with a focal length of {checkpoint.focal_px / width:.2f} widths, these have "
            f"{view:.2f}: another camera"
        )
    model = for_prediction(checkpoint.build_model(), inference_device())
    mean_image, generator, parts = torch.tensor(checkpoint.mean_image), torch.Generator(), []
    which = np.concatenate(walks)
    for start in range(0, len(which), _BATCH):
        paths = [frames.folder / frames.names[k] for k in which[start : start + _BATCH]]
        photos = torch.from_numpy(np.stack([strip(open_photo(path), width, height) for path in paths]))
        parts.append(predict_batch(model, photos, mean_image, PredictConfig(), generator, checkpoint.focal_px))
    poses = moved(join_predictions(parts), checkpoint.offset_m).poses
    kept = best_epoch([EpochRecord(**one) for one in load_checkpoint(run, which=LAST).progress["history"]])
    return Relocalizer("PoseNet", _by_walk(poses, walks), kept.held_out_position_m, kept.held_out_rotation_deg)


def similar_relocalizer(frames: Frames, walks: Sequence[np.ndarray], training: Frames) -> Relocalizer:
    """The pose of the training photo that looks most alike; its usual errors are those between training photos.

    Args:
        walks: photo numbers, walk by walk.
    """
    known = _thumbnails(training)
    alike = (_thumbnails(frames)[np.concatenate(walks)] @ known.T).argmax(dim=1).numpy()
    number, walk = np.arange(len(training)), training.walk
    near = (walk[:, None] == walk) & (np.abs(number[:, None] - number) < _NEAR)
    elsewhere = (known @ known.T).masked_fill(torch.from_numpy(near), -torch.inf).argmax(dim=1).numpy()
    errors = pose_errors(training.poses.take(elsewhere), training.poses)
    usual = float(np.median(errors.position_m)), float(np.median(errors.rotation_deg))
    return Relocalizer("most similar photo", _by_walk(training.poses.take(alike), walks), *usual)


def strip(photo: Image.Image, width: int, height: int) -> np.ndarray:
    """The middle of a photo, over its whole width and as flat as `width` x `height`, at that size: (H, W, 3) uint8.

    Raises:
        WorkbookError: the photo is flatter than that already.
    """
    rows = round(photo.width * height / width)
    if rows > photo.height:
        raise WorkbookError(f"a photo of {photo.width}x{photo.height} has no part as high as {width}x{height}")
    top = (photo.height - rows) // 2
    part = photo.crop((0, top, photo.width, top + rows))
    return np.array(part.resize((width, height), Image.Resampling.BILINEAR))


def _thumbnails(frames: Frames) -> Tensor:
    """[N, D], of length 1: the product of two says how alike they look."""
    small = functional.interpolate(frames.floats(np.arange(len(frames))), size=(18, 24), mode="area").flatten(1)
    return functional.normalize(small - small.mean(dim=1, keepdim=True), dim=1)


def _by_walk(poses: PoseArray, walks: Sequence[np.ndarray]) -> list[PoseArray]:
    ends = np.cumsum([len(one) for one in walks])
    return [poses.take(np.arange(end - len(one), end)) for one, end in zip(walks, ends, strict=True)]
