"""The exact flow beside a court's photos: where each pixel goes, what moves by itself, what is hidden."""

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from posenet_lib.core.errors import WorkbookError
from posenet_lib.egomotion.flow import resized_flow
from posenet_lib.egomotion.frames import Frames
from posenet_lib.scenes.depth_file import read_flow
from posenet_lib.scenes.photos import open_photo
from posenet_lib.scenes.practice_court.sequence import STRIDE  # the flow is to the photo so much later

__all__ = ["STRIDE", "FlowTruth", "read_flow_truth", "with_flow"]


class FlowTruth(NamedTuple):
    """From N photos to those `STRIDE` later, in pixels of photos of this size."""

    flow_px: Tensor  # [N, 2, H, W]
    hidden: Tensor  # bool [N, 1, H, W]: covered in the later photo, or outside of it
    moving: Tensor  # bool [N, 1, H, W]: on a figure that walks by itself


def with_flow(frames: Frames) -> np.ndarray:
    """Numbers of the photos whose exact flow is known."""
    return frames.having("hidden", "moving")


def read_flow_truth(frames: Frames, which: np.ndarray) -> FlowTruth:
    """Of some photos, at their size: of the pixel nearest to each centre, so that none is a mean.

    Raises:
        WorkbookError: there is no flow beside a photo, or none is asked for.
    """
    if not len(which):
        raise WorkbookError(f"{frames.folder}: no exact flow beside the photos (WALK.flow/FRAME.flo)")
    height, width = frames.photos.shape[2:]
    paths = frames.beside("flow", ".flo")
    flow = torch.from_numpy(np.stack([read_flow(paths[k]) for k in which])).permute(0, 3, 1, 2)

    def mask(kind: str) -> Tensor:
        pictures = [np.asarray(open_photo(frames.beside(kind)[k]))[..., 0] for k in which]
        return F.interpolate(torch.from_numpy(np.stack(pictures))[:, None], (height, width), mode="nearest-exact") > 127

    return FlowTruth(resized_flow(flow, width, height, mode="nearest-exact"), mask("hidden"), mask("moving"))
