"""PoseDataset: stored photos and pose records -> PoseSample, one at a time or a batch at once."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from posenet_lib.data.augmentation import Augmentation, Change, apply_changes, draw_changes
from posenet_lib.data.crop_turn import turned_with_crop
from posenet_lib.data.nearby_views import NearbyViews, Views
from posenet_lib.data.roll import rolled_photo, rolled_quaternion
from posenet_lib.data.transforms import (
    CROP,
    Corner,
    as_mean_image,
    batch_input,
    centre_corner,
    random_corners,
    shrink,
    window_of,
)
from posenet_lib.geometry.poses import Pose
from posenet_lib.scenes.photo_store import ImageStore
from posenet_lib.scenes.pose_list import PoseRecord

_SHARE_OF_GPU = 0.4  # of its free memory that photos may take; the rest is for training


class PoseSample(NamedTuple):
    """One training example; a batch has a leading B everywhere."""

    image: Tensor  # [3, h, w] float32, see `transforms`; h and w are 224 in the paper
    position_m: Tensor  # [3] metres
    quaternion_wxyz: Tensor  # [4] unit length

    @property
    def pose(self) -> Pose:
        """Position and quaternion together, as a loss takes them."""
        return Pose(self.position_m, self.quaternion_wxyz)


class PointSample(NamedTuple):
    """A `PoseSample` with points of the scene that the photo shows, for a loss that needs them."""

    image: Tensor  # [3, h, w]
    position_m: Tensor  # [3]
    quaternion_wxyz: Tensor  # [4]
    points_m: Tensor  # [P, 3], NaN where unknown

    @property
    def pose(self) -> Pose:
        """As `PoseSample.pose`."""
        return Pose(self.position_m, self.quaternion_wxyz)


class PoseDataset(torch.utils.data.Dataset):
    """Photos ready for the network, with their poses.

    Args:
        store: resized photos.
        records: their poses, in the same order.
        mean_image: (H, W, 3) float32 in 0..255, as the student's `generate_mean_image` returns it.
        augmentation: in training, how each photo changes from epoch to epoch, beside its random crop; None takes the
            centre crop of the photo as it is (evaluation).
        focal_px: in training, the camera's focal length in pixels of the stored photos, if it is known: poses then turn
            with the crops (see `crop_turn`).
        depth_m: (N, h, w) of each photo in metres, of any size; 0 where it is not known. With it and the focal length,
            training photos are shown as from places beside, in place of random crops (see `nearby_views`).
        move: how far beside at most, as a share of a photo's median depth, when a run begins.
        points_m: (N, P, 3), of each photo; samples are then `PointSample`.
        image_size: pixels of the network's input for each 224 of the crop.
        crop: what part of the photo it shows, one of `config.CROPS`.
        seed: with the epoch's number it decides crops and changes, whatever the order or the process that asks.
    """

    def __init__(
        self,
        store: ImageStore,
        records: Sequence[PoseRecord],
        mean_image: np.ndarray,
        *,
        augmentation: Augmentation | None = None,
        focal_px: float | None = None,
        depth_m: np.ndarray | None = None,
        move: float = 0.0,
        points_m: np.ndarray | None = None,
        image_size: int = CROP,
        crop: str = "square",
        seed: int = 0,
    ):
        if store.names != tuple(record.name for record in records):
            raise ValueError("the store and the records do not list the same photos in the same order")
        self.store = store
        self.mean_image = as_mean_image(mean_image, store.image_shape)
        self.on_device: Tensor | None = None  # all photos of the store's file, if a GPU holds them
        self.position_m = torch.tensor(np.array([r.position_m for r in records]), dtype=torch.float32)
        self.quaternion_wxyz = torch.tensor(np.array([r.quaternion_wxyz for r in records]), dtype=torch.float32)
        self.points_m = None if points_m is None else torch.tensor(points_m, dtype=torch.float32)
        self.augmentation = augmentation
        self.focal_px = focal_px
        self.image_size = image_size
        self.window = window_of(store.image_shape, crop)
        self.nearby = None
        if augmentation is not None and focal_px and depth_m is not None:
            self.nearby = NearbyViews(depth_m, move, store.image_shape, focal_px, self.window)
        self.views: Views | None = None
        self.seed = seed
        self.start_epoch(0)

    def start_epoch(self, epoch: int, progress: float = 0.0) -> None:
        """Choose this epoch's crops and changes; views come nearer to the photos with the run's `progress`, 0..1.

        Not named `set_epoch`: Accelerate calls a method of that name by its own count, which a resumed run restarts.
        """
        height, width, _ = self.store.image_shape
        if self.augmentation is None:
            self.corners = [centre_corner(height, width, self.window)] * len(self)
            self.changes = None
            self.shown_m, self.shown_wxyz = self.position_m, self.quaternion_wxyz
        else:
            generator = torch.Generator().manual_seed(self.seed * 1_000_003 + epoch)
            self.corners = random_corners(len(self), height, width, generator, self.window)
            changes = any(self.augmentation)
            self.changes = draw_changes(self.augmentation, len(self), self.window, generator) if changes else None
            rolls_deg = np.array([change.roll_deg for change in self.changes]) if changes else np.zeros(len(self))
            if self.nearby:
                self.views = self.nearby.draw(generator, rolls_deg, share=max(0.0, 1 - progress))
            self.shown_m, self.shown_wxyz = self._poses_shown(rolls_deg)

    def _poses_shown(self, rolls_deg: np.ndarray) -> tuple[Tensor, Tensor]:
        """[N, 3] and [N, 4] of what this epoch's inputs show: the photo is rolled first, then cropped."""
        shown_m, shown_wxyz = self.position_m.double().numpy(), self.quaternion_wxyz.double().numpy()
        if self.views:
            shown_m, shown_wxyz = self.views.poses(shown_m, shown_wxyz)
        else:
            if self.augmentation.roll_deg:
                shown_wxyz = rolled_quaternion(shown_wxyz, rolls_deg)
            if self.focal_px:
                shape = self.store.image_shape
                shown_wxyz = turned_with_crop(shown_wxyz, self.corners, shape, self.focal_px, self.window)
        return torch.tensor(shown_m, dtype=torch.float32), torch.tensor(shown_wxyz, dtype=torch.float32)

    def __len__(self) -> int:
        return len(self.store)

    def __getitem__(self, index: int) -> PoseSample | PointSample:
        batch = self.__getitems__([index])
        return type(batch)(*(part[0] for part in batch))

    def __getitems__(self, indices: Sequence[int]) -> PoseSample | PointSample:
        """A whole batch at once; PyTorch's loader calls this, and `batches.keep_batch` passes the result on."""
        indices = list(indices)
        photos = self._photos(indices)
        changes = [self.changes[index] for index in indices] if self.changes else []
        if self.views:
            images = self.nearby.images(photos, self.mean_image, self.views, indices, self.image_size)
            images = apply_changes(images, changes, self.image_size / CROP) if changes else images
        else:
            images = self._crops(photos, [self.corners[index] for index in indices], changes)
        sample = PoseSample(images, self.shown_m[indices], self.shown_wxyz[indices])
        return sample if self.points_m is None else PointSample(*sample, self.points_m[indices])

    def _crops(self, photos: Tensor, corners: Sequence[Corner], changes: Sequence[Change]) -> Tensor:
        """[B, H, W, 3] uint8 -> [B, 3, h, w], changed and shrunk."""
        if changes and self.augmentation.roll_deg:
            pairs = zip(photos, changes, strict=True)
            photos = torch.stack([rolled_photo(photo, self.mean_image, change.roll_deg) for photo, change in pairs])
        images = batch_input(photos, self.mean_image, corners, self.window)
        if changes:
            images = apply_changes(images, changes)
        return shrink(images, self.image_size)

    def _photos(self, indices: Sequence[int]) -> Tensor:
        """[B, H, W, 3] uint8."""
        if self.on_device is not None:
            return self.on_device[torch.as_tensor(self.store.rows[indices], device=self.on_device.device)]
        return torch.from_numpy(np.stack([self.store[index] for index in indices]))

    def move_to(self, device: torch.device | str) -> bool:
        """Hold all photos on a GPU from now on, and make the inputs there, if they fit; returns whether they do."""
        device, pixels = torch.device(device), self.store.pixels
        if device.type == "cuda" and pixels.nbytes > _SHARE_OF_GPU * torch.cuda.mem_get_info(device)[0]:
            return False
        self.on_device = torch.empty(pixels.shape, dtype=torch.uint8, device=device)
        for row, photo in enumerate(pixels):  # one at a time: the store may be larger than the main memory
            self.on_device[row] = torch.from_numpy(np.array(photo))
        self.mean_image = self.mean_image.to(device)
        return True
