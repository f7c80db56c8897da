"""Optical flow: how far each pixel goes from one photo to another, pixels to the right and down, [B, 2, H, W].

The *rigid* flow is what the camera's motion alone causes. *Full* flow is rigid flow plus what a network adds for things
that move by themselves (Yin & Shi 2018, GeoNet).
"""

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from posenet_lib.egomotion.camera import Camera, pixel_centres
from posenet_lib.egomotion.warp import look_up, sample

# Two flows contradict each other by this much or more where something is hidden (Yin & Shi 2018, section 3.4).
SHARE = 0.05  # of the flow's length
PIXELS, OF_WIDTH = 3.0, 416  # at least so many pixels, of photos of that width; ours are smaller, and so is the number


def rigid_flow(depth_m: Tensor, source_from_target: Tensor, camera: Camera) -> Tensor:
    """The flow of a world in which only the camera moves (Yin & Shi 2018, equation 1).

    Args:
        depth_m: [B, 1, H, W], of the target along the optical axis.
        source_from_target: [B, 4, 4].
        camera: of photos of any size.

    Returns:
        [B, 2, H, W] from the target to the source; what is behind the source camera goes far out of the photo.
    """
    height, width = depth_m.shape[2:]
    places, ahead = look_up(depth_m, source_from_target, camera)
    flow = places - pixel_centres(width, height)[:2].to(places.device)
    return torch.where(ahead, flow, torch.full_like(flow, 2.0 * (width + height)))


def warp_by_flow(source: Tensor, flow: Tensor) -> tuple[Tensor, Tensor]:
    """The target put together from the source's pixels [B, C, H, W], and where it is inside the source [B, 1, H, W]."""
    height, width = flow.shape[2:]
    return sample(source, flow + pixel_centres(width, height)[:2].to(flow.device))


def resized_flow(flow: Tensor, width: int, height: int, mode: str = "area") -> Tensor:
    """The same flow at another size: fewer pixels, and each of them goes fewer pixels far."""
    factors = torch.tensor([width / flow.shape[3], height / flow.shape[2]], device=flow.device)
    return F.interpolate(flow, size=(height, width), mode=mode) * factors.view(1, 2, 1, 1)


class WayBack(NamedTuple):
    """What is left after going there with one flow and back with the other one."""

    off: Tensor  # [B, 2, H, W] pixels; 0 where both flows agree
    agrees: Tensor  # bool [B, 1, H, W]: they do, nearly, and the way stays inside the photo


def way_back(forward: Tensor, backward: Tensor) -> WayBack:
    """The forward-backward check: where it fails, the pixel is probably hidden in the other photo.

    A pixel passes if it comes back closer than max(3 pixels of 416, 5 % of its flow) to where it was (Yin & Shi 2018).

    Args:
        forward: from the target to the source, [B, 2, H, W].
        backward: from the source to the target, [B, 2, H, W].
    """
    back, inside = warp_by_flow(backward, forward)
    off = forward + back
    allowed = (SHARE * forward.norm(dim=1, keepdim=True)).clamp(min=PIXELS * forward.shape[3] / OF_WIDTH)
    return WayBack(off, inside & (off.norm(dim=1, keepdim=True) < allowed))
