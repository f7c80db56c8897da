"""Predict the poses of photos with a trained network."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch

from posenet_lib.checkpoint import Checkpoint
from posenet_lib.config import PredictConfig
from posenet_lib.dataset import PoseDataset
from posenet_lib.errors import WorkbookError
from posenet_lib.fast_network import ready_to_predict
from posenet_lib.inference import Prediction, predict_batch
from posenet_lib.photos import open_photo, resize_smaller_side
from posenet_lib.posenet import PoseNet
from posenet_lib.poses import PoseArray, PoseSigma
from posenet_lib.process_memory import memory_kept


def predict(
    model: PoseNet,
    dataset: PoseDataset,
    *,
    batch_size: int = 32,
    device: torch.device | str = "cpu",
    progress: Callable[[range], Iterator[int]] = iter,
) -> PoseArray:
    """Poses of all photos of a data set, from one centre crop each."""
    return predict_as(PredictConfig(), model, dataset, batch_size=batch_size, device=device, progress=progress).poses


@memory_kept()
def predict_as(
    how: PredictConfig,
    model: PoseNet,
    dataset: PoseDataset,
    *,
    focal_px: float | None = None,
    batch_size: int = 32,
    device: torch.device | str = "cpu",
    progress: Callable[[range], Iterator[int]] = iter,
) -> Prediction:
    """The same in any of the ways of `inference`; always the same answer for the same network and photos.

    Args:
        focal_px: the checkpoint's.

    Raises:
        WorkbookError: Monte-Carlo dropout is asked of a network that has no dropout.
    """
    if how.test_time == "dense":
        batch_size = 1  # one photo is a batch of crops, and progress is seen
    was_training = model.training
    model.eval().to(device)
    generator = torch.Generator().manual_seed(0)
    parts = []
    for start in progress(range(0, len(dataset), batch_size)):
        indices = range(start, min(start + batch_size, len(dataset)))
        photos = torch.from_numpy(np.stack([dataset.store[index] for index in indices]))
        parts.append(predict_batch(model, photos, dataset.mean_image, how, generator, focal_px))
    model.train(was_training)
    return _join(parts)


def predict_photos(checkpoint: Checkpoint, photos: Sequence[Path], how: PredictConfig | None = None) -> Prediction:
    """Poses of photo files, which need not belong to a scene.

    Raises:
        WorkbookError: a photo cannot be read, or has another shape than those that the network was trained on.
    """
    how = how or PredictConfig()
    model = ready_to_predict(checkpoint.build_model(), precision=how.precision)
    mean_image = torch.tensor(checkpoint.mean_image)
    height, width, _ = checkpoint.mean_image.shape
    generator = torch.Generator().manual_seed(0)
    parts = []
    for path in photos:
        photo = np.array(resize_smaller_side(open_photo(path), min(height, width)))
        if photo.shape != checkpoint.mean_image.shape:
            raise WorkbookError(
                f"{path}: {photo.shape[1]}x{photo.shape[0]} after resizing, but the network was trained on {width}x"
                f"{height} photos; take it with the same camera, or crop it to the same proportions"
            )
        batch = torch.from_numpy(photo)[None]
        parts.append(predict_batch(model, batch, mean_image, how, generator, checkpoint.focal_px))
    return _join(parts)


def _join(parts: Sequence[Prediction]) -> Prediction:
    """One prediction from those of several batches."""
    poses = PoseArray(*(np.concatenate(arrays) for arrays in zip(*(part.poses for part in parts), strict=True)))
    if parts[0].sigma is None:
        return Prediction(poses)
    return Prediction(
        poses, PoseSigma(*(np.concatenate(arrays) for arrays in zip(*(part.sigma for part in parts), strict=True)))
    )
