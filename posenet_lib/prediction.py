"""Predict the poses of photos with a trained network."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn

from posenet_lib import quaternion
from posenet_lib.checkpoint import Checkpoint
from posenet_lib.dataset import PoseDataset
from posenet_lib.errors import WorkbookError
from posenet_lib.photos import open_photo, resize_smaller_side
from posenet_lib.posenet import Pose
from posenet_lib.poses import PoseArray
from posenet_lib.transforms import centre_corner, network_input


@torch.inference_mode()
def predict(
    model: nn.Module,
    dataset: PoseDataset,
    *,
    batch_size: int = 32,
    device: torch.device | str = "cpu",
    progress: Callable[[range], Iterator[int]] = iter,
) -> PoseArray:
    """Poses of all photos of a data set."""
    was_training = model.training
    model.eval()
    parts = []
    for start in progress(range(0, len(dataset), batch_size)):
        batch = dataset.__getitems__(range(start, min(start + batch_size, len(dataset))))
        parts.append(_unit_poses(model(batch.image.to(device)).main))
    model.train(was_training)
    return PoseArray(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


@torch.inference_mode()
def predict_photos(checkpoint: Checkpoint, photos: Sequence[Path]) -> PoseArray:
    """Poses of photo files, which need not belong to a scene.

    Raises:
        WorkbookError: a photo cannot be read, or has another shape than those that the network was trained on.
    """
    model = checkpoint.build_model()
    mean_image = torch.tensor(checkpoint.mean_image)
    height, width, _ = checkpoint.mean_image.shape
    parts = []
    for path in photos:
        photo = np.array(resize_smaller_side(open_photo(path), min(height, width)))
        if photo.shape != checkpoint.mean_image.shape:
            raise WorkbookError(
                f"{path}: {photo.shape[1]}x{photo.shape[0]} after resizing, but the network was trained on {width}x"
                f"{height} photos; take it with the same camera, or crop it to the same proportions"
            )
        image = network_input(torch.from_numpy(photo), mean_image, centre_corner(height, width))
        parts.append(_unit_poses(model(image[None]).main))
    return PoseArray(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def _unit_poses(raw: Pose) -> PoseArray:
    """The network's raw quaternion becomes a unit one here, and only here (Kendall et al. 2015, section 3.1)."""
    quaternion_wxyz = quaternion.normalise(raw.quaternion_wxyz.double().cpu().numpy())
    return PoseArray(raw.position_m.double().cpu().numpy(), quaternion.canonical_sign(quaternion_wxyz))
