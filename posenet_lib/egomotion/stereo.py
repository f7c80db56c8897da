"""Depth from stereo pairs: the photos, and the learner that `fit` trains (Godard et al. 2017)."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from posenet_lib.core.errors import WorkbookError
from posenet_lib.egomotion.augment import jittered
from posenet_lib.egomotion.camera import Camera
from posenet_lib.egomotion.config import EgomotionConfig
from posenet_lib.egomotion.fit import Learner
from posenet_lib.egomotion.frames import Frames, read_baseline_m, read_beside, read_frames
from posenet_lib.egomotion.losses.stereo import depth_of_disparity, stereo_loss
from posenet_lib.egomotion.networks import build_networks
from posenet_lib.egomotion.parts import Parts
from posenet_lib.scenes.scene import Scene, Split

_BATCH = 32  # photos at once where nothing is learned


@dataclass(frozen=True)
class StereoPairs:
    """Left photos with their frames, and the right ones, [N, 3, H, W] uint8."""

    frames: Frames
    right: Tensor
    baseline_m: float

    @property
    def camera(self) -> Camera:
        """Of both."""
        return self.frames.camera


def read_stereo_pairs(scene: Scene, split: Split, config: EgomotionConfig) -> StereoPairs:
    """All photos of a split that have a right one beside them.

    Raises:
        WorkbookError: there are none.
    """
    frames = read_frames(scene, split, config.width, config.height)
    which = frames.having("right")
    if not len(which):
        raise WorkbookError(
            f"{scene.folder}: no photo has a right one beside it (WALK.right/FRAME.png); learn from video instead"
        )
    return StereoPairs(frames.only(which), read_beside(frames, which, "right"), read_baseline_m(frames))


class StereoBatches:
    """Pairs for training; the last walk of several is held out. In a mirror, left and right exchange."""

    def __init__(self, pairs: StereoPairs, config: EgomotionConfig):
        held = pairs.frames.held_out
        self._pairs, self._config = pairs, config
        self._training, self._held = torch.from_numpy(np.flatnonzero(~held)), torch.from_numpy(np.flatnonzero(held))

    def draw(self, count: int, generator: torch.Generator) -> tuple[Tensor, ...]:
        """Views [2, B, 3, H, W] in 0..1: left and right; and the left ones as the network gets them."""
        chosen = self._training[torch.randint(len(self._training), (count,), generator=generator)]
        views = self._views(chosen)
        if torch.rand((), generator=generator) < 0.5:
            views = views.flip(4).flip(0)
        return views, jittered(views, self._config.colour_jitter, generator)[0]

    def held_out(self) -> Iterator[tuple[Tensor, ...]]:
        """The held-out pairs as they are."""
        for chosen in self._held.split(_BATCH) if len(self._held) else ():
            views = self._views(chosen)
            yield views, views[0]

    def _views(self, chosen: Tensor) -> Tensor:
        return torch.stack([self._pairs.frames.photos[chosen], self._pairs.right[chosen]]).float() / 255.0


class StereoLearner(Learner):
    """The disparity network, and the loss on a batch of `StereoBatches`."""

    def __init__(self, config: EgomotionConfig, parts: Parts, camera: Camera, baseline_m: float):
        super().__init__()
        torch.manual_seed(config.seed)
        self.networks = build_networks(config)
        self._config, self._parts, self.camera, self._baseline_m = config, parts, camera, baseline_m

    def forward(self, views: Tensor, inputs: Tensor) -> Tensor:
        """A scalar."""
        disparities = self.networks["depth"](inputs.contiguous(memory_format=torch.channels_last))
        with torch.autocast(inputs.device.type, enabled=False):
            return stereo_loss(self._parts, disparities, *views, self.camera, self._baseline_m, self._config)


@torch.no_grad()
def predict_depth(networks: nn.ModuleDict, photos: Tensor, camera: Camera, baseline_m: float = 1.0) -> Tensor:
    """Depth [N, 1, H, W] of photos [N, 3, H, W] uint8: metres with the cameras' baseline, without one up to a scale."""
    networks.eval()
    device = next(networks.parameters()).device
    found = []
    for some in photos.split(_BATCH):
        disparity = networks["depth"]((some.float() / 255.0).to(device))[0][:, :1]
        found.append(depth_of_disparity(disparity, camera, baseline_m).cpu())
    return torch.cat(found)
