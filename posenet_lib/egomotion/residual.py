"""The second stage: on top of a video run's depth and motion, a flow network for what moves by itself (GeoNet).

Depth and motion stay as they are (Yin & Shi 2018 train in stages, too), so they are computed once for all photos.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from posenet_lib.core.errors import WorkbookError
from posenet_lib.egomotion.augment import jittered
from posenet_lib.egomotion.camera import Camera
from posenet_lib.egomotion.config import EgomotionConfig
from posenet_lib.egomotion.fit import Learner
from posenet_lib.egomotion.flow import rigid_flow
from posenet_lib.egomotion.frames import Frames
from posenet_lib.egomotion.losses.flow import flow_loss
from posenet_lib.egomotion.losses.video import UNIT
from posenet_lib.egomotion.motion import inverse
from posenet_lib.egomotion.networks import build_networks
from posenet_lib.egomotion.parts import Parts
from posenet_lib.egomotion.stereo import predict_depth
from posenet_lib.egomotion.video import predict_motions

_BATCH = 32  # pairs at once where nothing is learned


class RigidFlows:
    """Rigid flows between photos, both ways, from a first stage's networks."""

    def __init__(self, networks: nn.ModuleDict, frames: Frames, pairs: np.ndarray):
        """Photo numbers `pairs` (M, 2): there and back."""
        self._camera = frames.camera
        used, place = np.unique(pairs, return_inverse=True)
        self._place = torch.from_numpy(place.reshape(pairs.shape))
        self._depth = predict_depth(networks, frames.photos[torch.from_numpy(used)], frames.camera, UNIT)
        there = predict_motions(networks, frames, *pairs.T)
        self._motions = torch.from_numpy(np.stack([there, inverse(there)])).float()  # [2, M, 4, 4]

    def of(self, which: Tensor) -> Tensor:
        """[2, B, 2, H, W] for B numbers of pairs: there, and back."""
        depth = self._depth[self._place[which].T.reshape(-1)]
        flow = rigid_flow(depth, self._motions[:, which].flatten(0, 1), self._camera)
        return flow.view(2, len(which), *flow.shape[1:])


class FlowBatches:
    """Photos and those `step` later; the last walk of several is held out."""

    def __init__(self, frames: Frames, networks: nn.ModuleDict, config: EgomotionConfig):
        self._frames, self._config = frames, config
        pairs = frames.followers(config.step)
        held = frames.held_out[pairs[:, 0]]
        if held.all():
            raise WorkbookError(
                f"{frames.folder}: no walk has a photo {config.step} after another one; give a smaller --step"
            )
        self._pairs, self._rigid = torch.from_numpy(pairs), RigidFlows(networks, frames, pairs)
        self._training, self._held = torch.from_numpy(np.flatnonzero(~held)), torch.from_numpy(np.flatnonzero(held))

    def draw(self, count: int, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
        """Views [2, B, 3, H, W] in 0..1: a photo and a later one; the same as the network gets them; rigid flows."""
        chosen = self._training[torch.randint(len(self._training), (count,), generator=generator)]
        views, rigid = self._views(chosen), self._rigid.of(chosen)
        if self._frames.camera.mirrors and torch.rand((), generator=generator) < 0.5:
            views, rigid = views.flip(4), mirrored(rigid)
        return views, jittered(views, self._config.colour_jitter, generator), rigid

    def held_out(self) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
        """The held-out walk's pairs as they are."""
        for chosen in self._held.split(_BATCH) if len(self._held) else ():
            views = self._views(chosen)
            yield views, views, self._rigid.of(chosen)

    def _views(self, chosen: Tensor) -> Tensor:
        return self._frames.photos[self._pairs[chosen].T].float() / 255.0


def mirrored(flow: Tensor) -> Tensor:
    """The flow of photos that are mirrored left to right, [..., 2, H, W]: what went right goes left."""
    return flow.flip(-1) * torch.tensor([-1.0, 1.0], device=flow.device).view(2, 1, 1)


class FlowLearner(Learner):
    """The flow network, and the loss on a batch of `FlowBatches`. Depth and motion are in it to be kept with it."""

    def __init__(self, config: EgomotionConfig, parts: Parts, camera: Camera, first_stage: nn.ModuleDict):
        super().__init__()
        torch.manual_seed(config.seed)
        self.networks = build_networks(config)
        for name in ("depth", "motion"):
            self.networks[name].load_state_dict(first_stage[name].state_dict())
            self.networks[name].requires_grad_(False)
        self._config, self._parts, self.camera = config, parts, camera

    def forward(self, views: Tensor, inputs: Tensor, rigid: Tensor) -> Tensor:
        """A scalar."""
        target, source, flow = there_and_back(inputs), there_and_back(inputs.flip(0)), there_and_back(rigid)
        residuals = self.networks["flow"](target, source, flow)
        with torch.autocast(inputs.device.type, enabled=False):
            photos = there_and_back(views), there_and_back(views.flip(0))
            return flow_loss(self._parts, residuals, flow, *photos, self._config)


def there_and_back(pairs: Tensor) -> Tensor:
    """[2, B, C, H, W] -> [2 B, C, H, W], as the networks' memory likes it."""
    return pairs.flatten(0, 1).contiguous(memory_format=torch.channels_last)


class Flows(NamedTuple):
    """Between N pairs of photos, [N, 2, H, W] pixels each."""

    rigid: Tensor
    rigid_back: Tensor
    full: Tensor
    full_back: Tensor


@torch.no_grad()
def predict_flow(networks: nn.ModuleDict, frames: Frames, target: np.ndarray, source: np.ndarray) -> Flows:
    """Flows between pairs of photo numbers, there and back."""
    networks.eval()
    device = next(networks.parameters()).device
    rigid_flows = RigidFlows(networks, frames, np.stack([target, source], axis=1))
    found = []
    for some in torch.arange(len(target)).split(_BATCH):
        views = torch.stack([frames.floats(ids[some.numpy()]) for ids in (target, source)]).to(device)
        rigid = rigid_flows.of(some)
        residual = networks["flow"](
            there_and_back(views), there_and_back(views.flip(0)), rigid.flatten(0, 1).to(device)
        )
        full = rigid + residual[0].view_as(rigid).cpu()
        found.append(torch.stack([*rigid, *full]))
    return Flows(*torch.cat(found, dim=1))
