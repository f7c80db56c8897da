"""The training photos in two parts, and the order in which they are learned from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from posenet_lib.core.config import TrainConfig
from posenet_lib.core.errors import WorkbookError
from posenet_lib.data.augmentation import Augmentation
from posenet_lib.data.dataset import PoseDataset
from posenet_lib.data.stored_depth import stored_depth
from posenet_lib.geometry.poses import PositionSpread
from posenet_lib.scenes.focal_length import INTRINSICS, resized_focal_px
from posenet_lib.scenes.scene import Scene


@dataclass(frozen=True)
class TrainingData:
    """Most training photos are learned from; one block is held out to choose the epoch. The test split is not here."""

    learn: PoseDataset
    held_out: PoseDataset
    spread: PositionSpread  # of all training positions


def split_training_data(
    scene: Scene,
    mean_image: np.ndarray,
    config: TrainConfig,
    *,
    points_m: np.ndarray | None = None,
    show_progress: bool = True,
) -> TrainingData:
    """Hold out one block from the middle of the training list.

    Photos drawn at random would have their neighbours, nearly the same photo, in what is learned, and measure memory.

    Args:
        points_m: (N, P, 3) of all training photos, for a loss that needs them.

    Raises:
        WorkbookError: there are too few photos to hold some out.
    """
    records = scene.train.records
    block = held_out_block(len(records), config.validation_fraction)
    rest = [index for index in range(len(records)) if index not in block]
    if len(rest) < 2:
        raise WorkbookError(f"{scene.folder / 'dataset_train.txt'}: {len(records)} photos are too few to train on")
    store = scene.train.open_store(show_progress=show_progress)
    focal_px = resized_focal_px(scene) if config.turn_crops == "auto" else None
    depth_m = None
    if config.move:
        if focal_px is None:
            raise WorkbookError(
                f"move is {config.move}, but photos can't be shown from beside, for the focal length is not known: "
                f"give {scene.folder} a {INTRINSICS} (posenet scene import writes it), or begin a run with --move 0"
            )
        depth_m = stored_depth(store, scene.train.poses, focal_px, show_progress=show_progress)

    def part(indices: Sequence[int], augmentation: Augmentation | None) -> PoseDataset:
        chosen = [records[index] for index in indices]
        return PoseDataset(
            store.subset(indices),
            chosen,
            mean_image,
            augmentation=augmentation,
            focal_px=focal_px,
            depth_m=depth_m[list(indices)] if depth_m is not None and augmentation else None,
            move=config.move or 0.0,
            points_m=points_m[list(indices)] if points_m is not None and augmentation else None,
            image_size=config.input_size,
            crop=config.input_crop,
            seed=config.seed,
        )

    positions = scene.train.poses.position_m
    spread = PositionSpread(positions.mean(axis=0).tolist(), positions.std(axis=0).tolist())
    augmentation = Augmentation(config.colour_jitter, config.erase, config.roll)
    return TrainingData(part(rest, augmentation), part(block, None), spread)


def held_out_block(count: int, fraction: float) -> range:
    """Indices of the held-out photos among `count`: at least one, consecutive, in the middle."""
    length = max(1, round(fraction * count))
    first = (count - length) // 2
    return range(first, first + length)
