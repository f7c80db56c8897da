"""The functions that students write, as training gets them; the library's own are the default."""

from collections.abc import Callable
from typing import NamedTuple

from torch import Tensor

from posenet_lib.egomotion import warp
from posenet_lib.egomotion.camera import Camera
from posenet_lib.egomotion.losses import consistency, minimum, photometric


class Parts(NamedTuple):
    """What the losses are made of; the names are those of the workbook's practice."""

    inverse_warp: Callable[[Tensor, Tensor, Tensor, Camera], tuple[Tensor, Tensor]] = warp.inverse_warp
    photometric_error: Callable[[Tensor, Tensor], Tensor] = photometric.photometric_error
    left_right_consistency: Callable[[Tensor, Tensor], Tensor] = consistency.left_right_consistency
    masked_minimum: Callable[[Tensor, Tensor, Tensor], tuple[Tensor, Tensor]] = minimum.masked_minimum
