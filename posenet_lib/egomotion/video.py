"""Depth and motion from walks: the photos, the learner that `fit` trains, and predicted motions (Zhou et al. 2017)."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor, nn

from posenet_lib.core.errors import WorkbookError
from posenet_lib.egomotion.augment import jittered
from posenet_lib.egomotion.camera import Camera
from posenet_lib.egomotion.config import EgomotionConfig
from posenet_lib.egomotion.fit import Learner
from posenet_lib.egomotion.frames import Frames
from posenet_lib.egomotion.losses.video import video_loss
from posenet_lib.egomotion.networks import build_networks
from posenet_lib.egomotion.parts import Parts

_BATCH = 32  # photos at once where nothing is learned


class VideoBatches:
    """Targets with the photos `step` before and after; the last walk of several is held out."""

    def __init__(self, frames: Frames, config: EgomotionConfig):
        self._frames, self._config = frames, config
        triplets = frames.neighbours(config.step)
        held = frames.held_out[triplets[:, 0]]
        self._training, self._held = torch.from_numpy(triplets[~held]), torch.from_numpy(triplets[held])
        if not len(self._training):
            raise WorkbookError(
                f"{frames.folder}: no walk has {2 * config.step + 1} photos in a row, so none has one {config.step} "
                "before and after it; give a smaller --step"
            )

    def draw(self, count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Views [3, B, 3, H, W] in 0..1: target, before, after; and the same as the networks get them."""
        views = self._views(self._training[torch.randint(len(self._training), (count,), generator=generator)])
        if self._frames.camera.mirrors and torch.rand((), generator=generator) < 0.5:
            views = views.flip(4)
        return views, jittered(views, self._config.colour_jitter, generator)

    def held_out(self) -> Iterator[tuple[Tensor, Tensor]]:
        """The held-out walk's photos as they are."""
        for some in self._held.split(_BATCH) if len(self._held) else ():
            views = self._views(some)
            yield views, views

    def _views(self, triplets: Tensor) -> Tensor:
        return self._frames.photos[triplets.T].float() / 255.0


class VideoLearner(Learner):
    """Depth and motion networks, and the loss on a batch of `VideoBatches`."""

    def __init__(self, config: EgomotionConfig, parts: Parts, camera: Camera):
        super().__init__()
        torch.manual_seed(config.seed)
        self.networks = build_networks(config)
        self._config, self._parts, self.camera = config, parts, camera

    def forward(self, views: Tensor, inputs: Tensor) -> Tensor:
        """A scalar."""
        target, before, after = (one.contiguous(memory_format=torch.channels_last) for one in inputs)
        disparities = self.networks["depth"](target)
        motions = self.networks["motion"](torch.cat([target, target]), torch.cat([before, after]))
        masks = self.networks["mask"](target, inputs[1:]) if "mask" in self.networks else None
        with torch.autocast(inputs.device.type, enabled=False):
            return video_loss(
                self._parts,
                disparities,
                motions.view(2, -1, 4, 4),
                views[0],
                views[1:],
                self.camera,
                self._config,
                auto_mask=self._config.auto_mask and self.training,
                masks=masks,
            )


@torch.no_grad()
def predict_motions(networks: nn.ModuleDict, frames: Frames, target: np.ndarray, source: np.ndarray) -> np.ndarray:
    """Motions `source_from_target` of N pairs of photo numbers, (N, 4, 4), in the depth network's unit."""
    networks.eval()
    device = next(networks.parameters()).device
    chunks = [slice(start, start + _BATCH) for start in range(0, len(target), _BATCH)]
    found = [
        networks["motion"](frames.floats(target[some]).to(device), frames.floats(source[some]).to(device)).cpu()
        for some in chunks
    ]
    return torch.cat(found).double().numpy()
