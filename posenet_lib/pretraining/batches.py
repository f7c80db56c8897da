"""Training batches of many courts, made on the device that trains: random crops, other light, hidden patches."""

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from posenet_lib.data.crop_turn import turned_with_crop
from posenet_lib.data.transforms import Corner, normalise
from posenet_lib.geometry.poses import Pose
from posenet_lib.pretraining.network import DEPTH_SIDE
from posenet_lib.pretraining.photos import DEPTH_STEP, FOCAL_PX, HEIGHT, WIDTH, CourtPhotos

SIZE = DEPTH_SIDE * DEPTH_STEP  # 112 pixels
_JITTER, _ERASE, _PATCH = 0.2, 0.4, (15, 55)
_FURTHEST_M = 60.0  # the sky counts as this far
_HALF = 2  # the library's crops are 224 of 256 pixels; here everything is half as large


class CourtBatch(NamedTuple):
    """B crops."""

    images: Tensor  # [B, 3, 112, 112]
    pose: Pose
    log_depth: Tensor  # [B, 28, 28]
    court: Tensor  # [B]
    mean_m: Tensor  # [B, 3]


class CourtBatches:
    """Draws batches from `CourtPhotos`, which stay on the device."""

    def __init__(self, data: CourtPhotos, device: torch.device, seed: int):
        self.device, self.rng = device, np.random.default_rng(seed)
        self.wxyz = data.quaternion_wxyz.astype(np.float64)
        self.photos = torch.from_numpy(data.photos).to(device)
        depth_m = np.minimum(data.depth_m.astype(np.float32), _FURTHEST_M)
        self.log_depth = torch.from_numpy(np.log(depth_m)).to(device)
        self.position_m = torch.from_numpy(data.position_m).to(device)
        self.court = torch.from_numpy(data.court).to(device)
        courts = [np.flatnonzero(data.court == k) for k in range(int(data.court.max()) + 1)]
        means = [self.photos[torch.from_numpy(which).to(device)].float().mean(0) for which in courts]
        self.mean_image = torch.stack(means)
        self.mean_m = torch.stack([self.position_m[torch.from_numpy(which).to(device)].mean(0) for which in courts])

    def __len__(self) -> int:
        return len(self.court)

    def draw(self, size: int) -> CourtBatch:
        """`size` photos at random, each with a crop and changes of its own."""
        which = self.rng.integers(0, len(self), size)
        # Whole steps of the depth map, so that it is cropped at the same place.
        top = DEPTH_STEP * self.rng.integers(0, (HEIGHT - SIZE) // DEPTH_STEP + 1, size)
        left = DEPTH_STEP * self.rng.integers(0, (WIDTH - SIZE) // DEPTH_STEP + 1, size)
        corners = [Corner(_HALF * int(a), _HALF * int(b)) for a, b in zip(top, left, strict=True)]
        shape = (_HALF * HEIGHT, _HALF * WIDTH, 3)
        shown = turned_with_crop(self.wxyz[which], corners, shape, _HALF * FOCAL_PX)
        index = torch.from_numpy(which).to(self.device)
        court = self.court[index]
        rows, columns = self._window(top, SIZE), self._window(left, SIZE)
        at = rows[:, :, None], columns[:, None, :]
        difference = self.photos[index[:, None, None], *at].float() - self.mean_image[court[:, None, None], *at]
        few = self._window(top // DEPTH_STEP, DEPTH_SIDE), self._window(left // DEPTH_STEP, DEPTH_SIDE)
        log_depth = self.log_depth[index[:, None, None], few[0][:, :, None], few[1][:, None, :]]
        pose = Pose(self.position_m[index], torch.tensor(shown, dtype=torch.float32, device=self.device))
        return CourtBatch(normalise(self._changed(difference)), pose, log_depth, court, self.mean_m[court])

    def _window(self, start: np.ndarray, length: int) -> Tensor:
        return torch.from_numpy(start[:, None] + np.arange(length)).to(self.device)

    def _uniform(self, *shape: int) -> Tensor:
        return torch.from_numpy(self.rng.uniform(-1, 1, shape).astype(np.float32)).to(self.device)

    def _changed(self, difference: Tensor) -> Tensor:
        """Contrast, colours and brightness change; a patch becomes the mean image. [B, 112, 112, 3]"""
        count = len(difference)
        gain = (1 + _JITTER * self._uniform(count, 1, 1, 1)) * (1 + _JITTER / 2 * self._uniform(count, 1, 1, 3))
        difference = difference * gain + 255 / 2 * _JITTER * self._uniform(count, 1, 1, 1)
        side = self.rng.integers(*_PATCH, (count, 2)) * (self.rng.random((count, 1)) < _ERASE)
        corner = (self.rng.random((count, 2)) * (SIZE - side + 1)).astype(int)
        pixels = np.arange(SIZE)
        hit = [(pixels >= corner[:, k, None]) & (pixels < (corner + side)[:, k, None]) for k in (0, 1)]
        hidden = torch.from_numpy(hit[0][:, :, None] & hit[1][:, None, :]).to(self.device)
        return difference.masked_fill(hidden[..., None], 0.0)
