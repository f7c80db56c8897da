"""Sun, sky and haze: how bright a surface point of PracticeCourt is, and what the sky looks like.

Shadows are in ``shadows``. Colours are linear light (red, green, blue); ``to_bytes`` exposes them.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from posenet_lib.scenes.practice_court.atlas import LINEAR

SUN_COLOUR = np.array([1.0, 0.91, 0.76], dtype=np.float32) * 2.5
SKY_COLOUR = np.array([0.62, 0.78, 1.0], dtype=np.float32) * 0.92
BOUNCE_COLOUR = np.array([1.0, 0.86, 0.70], dtype=np.float32) * 0.32  # light that the ground throws back up
HAZE_COLOUR = np.array([0.60, 0.72, 0.88], dtype=np.float32)
HAZE_LENGTH_M = 240.0
HORIZON, ZENITH = np.array([0.86, 0.98, 1.12], dtype=np.float32), np.array([0.16, 0.42, 0.98], dtype=np.float32)
CONTRAST = 0.035  # depth of the S-shaped tone curve
CLOUD_COLOUR = np.array([1.4, 1.4, 1.42], dtype=np.float32)
_ENCODED = np.interp(np.linspace(0, 1, 4096), LINEAR, np.arange(256)).astype(np.float32)  # linear light -> sRGB


@dataclass(frozen=True)
class ClutterItem:
    """Something that stands elsewhere on another walk: kind is a name in ``clutter.MAKERS``; metres, degrees."""

    kind: str
    x: float
    y: float
    turn_deg: float = 0.0


@dataclass(frozen=True)
class Light:
    """Everything of a photo that is not the camera's pose.

    Attributes:
        sun_azimuth_deg: direction to the sun, counter-clockwise from east (x); the default is an early afternoon.
        sun_elevation_deg: its height over the horizon.
        brightness: exposure, a factor around 1.
        warmth: colour temperature, -1 (bluish) .. 1 (yellowish).
        cloud_shift: 0..1, how far the clouds have drifted around the sky.
        clutter: what stands about.
        noise_seed: of the sensor's noise, together with the pose.
        moving: clutter that is elsewhere in each photo of a walk: the shadows of all the rest are worked out once.
    """

    sun_azimuth_deg: float = 248.0
    sun_elevation_deg: float = 47.0
    brightness: float = 1.0
    warmth: float = 0.0
    cloud_shift: float = 0.0
    clutter: tuple[ClutterItem, ...] = field(default=())
    noise_seed: int = 0
    moving: tuple[ClutterItem, ...] = field(default=())


def direction(azimuth_deg: float, elevation_deg: float) -> np.ndarray:
    """Unit vector (3,) towards a point of the sky."""
    azimuth, elevation = math.radians(azimuth_deg), math.radians(elevation_deg)
    flat = math.cos(elevation)
    return np.array([flat * math.cos(azimuth), flat * math.sin(azimuth), math.sin(elevation)])


def sky_colour(rays: np.ndarray, clouds: np.ndarray, cloud_shift: float, towards_sun: np.ndarray) -> np.ndarray:
    """Linear RGB (N, 3) of the sky in unit directions (N, 3); clouds is a (H, W) uint8 cover map, tiling along W."""
    up = np.clip(rays[:, 2], 0, 1)
    blend = (1 - up)[:, None] ** 2.6
    colour = ZENITH * (1 - blend) + HORIZON * blend
    high, wide = clouds.shape
    # Clouds lie on a plane overhead, so they crowd together towards the horizon.
    flat = rays[:, :2] / (up + 0.18)[:, None]
    column = ((flat[:, 0] * 0.16 + cloud_shift) * wide).astype(np.int32) % wide
    row = ((flat[:, 1] * 0.16) * high).astype(np.int32) % high
    cover = (clouds[row, column].astype(np.float32) / 255 * np.clip(up * 7, 0, 1))[:, None]
    glow = np.clip(rays @ towards_sun.astype(rays.dtype), 0, 1)[:, None] ** 24
    colour = colour * (1 - cover) + cover * CLOUD_COLOUR
    return (colour + glow * np.array([0.5, 0.42, 0.3], dtype=np.float32)).astype(np.float32)


def to_bytes(linear: np.ndarray) -> np.ndarray:
    """Linear light -> sRGB bytes with a soft shoulder, so that white walls in the sun keep their detail."""
    grey = linear @ np.array([0.3, 0.59, 0.11], dtype=np.float32)
    linear = np.maximum(grey[:, :, None] + 1.12 * (linear - grey[:, :, None]), 0)  # a little more saturated
    mapped = 1.32 * linear * (1 + linear / 3.2) / (1 + 1.32 * linear)  # Reinhard's curve, white point about 2.2
    levels = _ENCODED[np.minimum(mapped * 4095, 4095).astype(np.int32)]
    return levels - CONTRAST * 255 * np.sin(levels * np.float32(2 * np.pi / 255))
