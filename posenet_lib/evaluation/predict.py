"""Predict the poses of photos with a trained network: one crop, many crops, or many draws of dropout for each."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from posenet_lib.core.config import PredictConfig
from posenet_lib.core.device import check_precision
from posenet_lib.core.errors import WorkbookError
from posenet_lib.data.dataset import PoseDataset
from posenet_lib.data.transforms import centre_corner, network_input, shrink, window_of
from posenet_lib.evaluation.dense_crops import dense_corners, dense_poses
from posenet_lib.evaluation.monte_carlo import mean_and_sigma
from posenet_lib.evaluation.prediction import Prediction, join_poses, join_predictions, moved, unit_poses
from posenet_lib.fast import for_prediction
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.models.checkpoint import Checkpoint
from posenet_lib.models.posenet import PoseNet
from posenet_lib.scenes.photos import open_photo
from posenet_lib.scenes.resizing import resize_smaller_side


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


def predict_as(
    config: PredictConfig,
    model: PoseNet,
    dataset: PoseDataset,
    *,
    focal_px: float | None = None,
    batch_size: int = 32,
    device: torch.device | str = "cpu",
    progress: Callable[[range], Iterator[int]] = iter,
) -> Prediction:
    """The same in any of the ways that `PredictConfig` names; always the same answer for the same network and photos.

    Args:
        focal_px: the checkpoint's.

    Raises:
        WorkbookError: Monte-Carlo dropout is asked of a network that has no dropout.
    """
    if config.test_time == "dense":
        batch_size = 1  # one photo is a batch of crops, and progress is seen
    was_training = model.training
    model.eval().to(device)
    generator = torch.Generator().manual_seed(0)
    parts = []
    for start in progress(range(0, len(dataset), batch_size)):
        indices = range(start, min(start + batch_size, len(dataset)))
        photos = torch.from_numpy(np.stack([dataset.store[index] for index in indices]))
        parts.append(predict_batch(model, photos, dataset.mean_image, config, generator, focal_px))
    model.train(was_training)
    return join_predictions(parts)


class ResizedPhotos(Sequence[np.ndarray]):
    """Photo files as a network wants them, (H, W, 3) uint8; each is opened when it is asked for.

    Raises:
        WorkbookError: a photo cannot be read, or has another shape than those that the network was trained on.
    """

    def __init__(self, paths: Sequence[Path], checkpoint: Checkpoint):
        self.paths, self.shape = paths, checkpoint.mean_image.shape

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, index: int) -> np.ndarray:
        height, width, _ = self.shape
        photo = np.array(resize_smaller_side(open_photo(self.paths[index]), min(height, width)))
        if photo.shape != self.shape:
            raise WorkbookError(
                f"{self.paths[index]}: {photo.shape[1]}x{photo.shape[0]} after resizing, but the network was trained "
                f"on {width}x{height} photos; take it with the same camera, or crop it to the same proportions"
            )
        return photo


def predict_photos(checkpoint: Checkpoint, photos: Sequence[Path], config: PredictConfig | None = None) -> Prediction:
    """Poses of photo files, which need not belong to a scene; raises as `ResizedPhotos` does."""
    config = config or PredictConfig()
    model = for_prediction(checkpoint.build_model())
    mean_image = torch.tensor(checkpoint.mean_image)
    generator = torch.Generator().manual_seed(0)
    parts = []
    for photo in ResizedPhotos(photos, checkpoint):
        batch = torch.from_numpy(photo)[None]
        parts.append(predict_batch(model, batch, mean_image, config, generator, checkpoint.focal_px))
    return moved(join_predictions(parts), checkpoint.offset_m)


@torch.inference_mode()
def predict_batch(
    model: PoseNet,
    photos: Tensor,
    mean_image: Tensor,
    config: PredictConfig,
    generator: torch.Generator,
    focal_px: float | None = None,
) -> Prediction:
    """Poses of photos of one shape.

    Args:
        model: in evaluation mode; decides the device.
        photos: [B, H, W, 3] uint8, resized.
        mean_image: [H, W, 3] float32 in 0..255.
        generator: draws the dropout, on the CPU.
        focal_px: for a network whose poses turned with the crops in training: answers for crops are turned back.

    Raises:
        WorkbookError: the device does not have the precision that is asked for.
    """
    device = next(model.parameters()).device
    check_precision(config.precision, device.type)
    height, width = photos.shape[1:3]
    window = window_of((height, width), model.crop)
    with _arithmetic(config.precision, device.type):
        if config.test_time == "dense":
            corners = dense_corners(height, width, config.crops, window)
            poses = [dense_poses(model, photo, mean_image, corners, focal_px, window) for photo in photos]
            return Prediction(join_poses(poses))
        images = network_input(photos, mean_image, centre_corner(height, width, window), window)
        images = shrink(images, model.image_size).to(device)
        if config.test_time == "mc-dropout":
            return mean_and_sigma([unit_poses(raw) for raw in model.sample_poses(images, config.samples, generator)])
        return Prediction(unit_poses(model(images).main))


def _arithmetic(precision: str, device_type: str) -> contextlib.AbstractContextManager:
    """PyTorch's mixed precision for bf16; the heads compute their poses in float32 all the same."""
    return torch.autocast(device_type, torch.bfloat16) if precision == "bf16" else contextlib.nullcontext()
