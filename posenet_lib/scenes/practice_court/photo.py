"""Photos and depth maps of PracticeCourt from any pose."""

import math
from typing import NamedTuple

import numpy as np

from posenet_lib.geometry import quaternion
from posenet_lib.scenes.practice_court.atlas import TextureAtlas
from posenet_lib.scenes.practice_court.camera import HEIGHT, WIDTH, develop, image_plane, intrinsics
from posenet_lib.scenes.practice_court.lighting import (
    BOUNCE_COLOUR,
    HAZE_COLOUR,
    HAZE_LENGTH_M,
    SKY_COLOUR,
    SUN_COLOUR,
    Light,
    direction,
    sky_colour,
    to_bytes,
)  # fmt: skip
from posenet_lib.scenes.practice_court.lit_court import Court, court_atlas, court_geometry, lit_court
from posenet_lib.scenes.practice_court.materials import cloud_cover
from posenet_lib.scenes.practice_court.ray_caster import Forms, Hits, cast, pinhole_forms
from posenet_lib.scenes.practice_court.shadows import ShadowMap


def _finite_position(position_m) -> np.ndarray:
    position = np.asarray(position_m, dtype=np.float64)
    if position.shape != (3,) or not np.all(np.isfinite(position)):
        raise ValueError(f"a camera position is three finite numbers in metres, got {position_m}")
    return position


class Rays(NamedTuple):
    """M rays: on the image plane (x, y, 1), turned into the world (both (M, 3), not unit), from a camera centre (3,).

    ``spacing`` is the distance between neighbouring rays on the plane z = 1.
    """

    flat: np.ndarray
    world: np.ndarray
    position: np.ndarray
    spacing: float

    def only(self, which: np.ndarray) -> "Rays":
        """The rays with these numbers."""
        return self._replace(flat=self.flat[which], world=self.world[which])


def _look(
    court: Court, atlas: TextureAtlas, position: np.ndarray, rotation: np.ndarray, x, y, spacing: float
) -> tuple[Forms, Hits]:
    """Cast the rays of the image-plane grid x (W,), y (H,)."""
    forms = pinhole_forms(court.shapes, position, rotation)

    def solid(n: int, nearness: float, u: np.ndarray, v: np.ndarray) -> np.ndarray:
        level = int(max(0.0, math.log2(max(1e-6, court.texels_per_m[n] * spacing / max(nearness, 1e-6)))))
        return atlas.alpha(court.texture[n], level, u * court.repeat[n, 0], v * court.repeat[n, 1]) > 115

    return forms, cast(forms, court.shapes.taper, x, y, solid, atlas.has_holes[court.texture])


def _sky_share(court: Court, n: np.ndarray, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    wide, high = court.grid_size[n, 0], court.grid_size[n, 1]
    x, y = np.clip(u, 0, 1) * (wide - 1), np.clip(v, 0, 1) * (high - 1)
    column, row = np.minimum(x.astype(np.int32), wide - 2), np.minimum(y.astype(np.int32), high - 2)
    x, y, at = x - column, y - row, court.grid_start[n] + row * wide + column
    low = court.sky_share.take(at) * (1 - x) + court.sky_share.take(at + 1) * x
    up = court.sky_share.take(at + wide) * (1 - x) + court.sky_share.take(at + wide + 1) * x
    return (low * (1 - y) + up * y).astype(np.float32)


def _shade(
    court: Court, atlas: TextureAtlas, shadow: ShadowMap, light: Light, forms: Forms, n, nearness, rays: Rays
) -> np.ndarray:
    """Linear RGB (M, 3) of M rays that hit panels n (M,) at the given nearness (M,)."""
    u, v = np.einsum("mfc,mc->fm", forms.coefficients[:, 1:].astype(np.float32)[n], rays.flat) / nearness
    depth = 1 / nearness
    normal = court.normal[n] + court.swing[n] * (2 * u - 1)[:, None]
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    length = np.linalg.norm(rays.world, axis=1)
    cosine = np.sum(court.shapes.normal.astype(np.float32)[n] * rays.world, axis=1) / length
    normal[court.turns_to_viewer[n] & (cosine > 0)] *= -1
    cosine = np.abs(cosine)
    texel = court.texels_per_m[n] * depth * rays.spacing / np.sqrt(np.maximum(cosine, 0.05))
    level = np.rint(np.log2(np.maximum(texel, 1e-6)) - 0.2).astype(np.int32)
    albedo = (
        atlas.colour(court.texture[n], level, u * court.repeat[n, 0] + court.shift[n], v * court.repeat[n, 1])
        * court.tint[n]
    )

    towards = direction(light.sun_azimuth_deg, light.sun_elevation_deg).astype(np.float32)
    point = rays.world * depth[:, None] + rays.position.astype(np.float32)
    facing = np.sum(normal * towards, axis=1)
    sun = np.maximum(facing, 0)
    lit = np.flatnonzero(sun > 0)
    sun[lit] *= shadow.reached(point[lit] + 0.03 * normal[lit], soft=True)
    open_sky = _sky_share(court, n, u, v) * (0.55 + 0.45 * normal[:, 2])
    bounce = 0.75 - 0.35 * normal[:, 2]
    colour = albedo * (sun[:, None] * SUN_COLOUR + open_sky[:, None] * SKY_COLOUR + bounce[:, None] * BOUNCE_COLOUR)
    haze = (1 - np.exp(-depth * length / HAZE_LENGTH_M))[:, None]
    return colour * (1 - haze) + haze * HAZE_COLOUR


def render_photo(
    position_m,
    quaternion_wxyz,
    *,
    width: int = WIDTH,
    height: int = HEIGHT,
    supersample: int = 2,
    light: Light | None = None,
    court_seed: int = 0,
) -> np.ndarray:
    """The photo that a camera at this pose takes, for any pose, even one inside a wall.

    Args:
        position_m: (3,) camera centre in the world, metres.
        quaternion_wxyz: (4,) world-to-camera rotation (see ``posenet_lib.geometry.quaternion``), normalised here.
        width, height: of the photo in pixels.
        supersample: rays along each side of a pixel.
        light: sun, exposure and clutter; None for the default without clutter.
        court_seed: which court of the family; 0 is PracticeCourt.

    Returns:
        (height, width, 3) uint8 sRGB. The same arguments give the same pixels.

    Raises:
        ValueError: the position is not three finite numbers, or the quaternion is zero or not finite.
    """
    light = light or Light()
    position = _finite_position(position_m)
    q = quaternion.canonical_sign(quaternion.normalise(quaternion_wxyz))
    rotation = quaternion.to_matrix(q)
    court, shadow = lit_court(light.sun_azimuth_deg, light.sun_elevation_deg, light.clutter, court_seed, light.moving)
    atlas = court_atlas(court_seed)
    x, y = image_plane(width, height, supersample)
    spacing = 1 / (intrinsics(width, height)[0, 0] * supersample)
    forms, hits = _look(court, atlas, position, rotation, x, y, spacing)
    towards = direction(light.sun_azimuth_deg, light.sun_elevation_deg)
    warm = np.array([1 + 0.06 * light.warmth, 1, 1 - 0.08 * light.warmth], dtype=np.float32) * light.brightness * 0.92
    levels = np.empty((height, width, 3), dtype=np.float32)
    strip = 18  # rows of the photo at a time, so that the intermediate arrays stay in the processor's cache
    for top in range(0, height, strip):
        rows = slice(top * supersample, min(top + strip, height) * supersample)
        panel, nearness = hits.panel[rows].ravel(), hits.nearness[rows].ravel()
        grid = np.broadcast_arrays(x[None, :], y[rows, None], 1.0)
        flat = np.stack([a.ravel() for a in grid], axis=1).astype(np.float32)
        rays = Rays(flat, flat @ rotation.astype(np.float32), position, spacing)
        colour = np.empty_like(flat)
        sky, hit = np.flatnonzero(panel < 0), np.flatnonzero(panel >= 0)
        unit = rays.world[sky] / np.linalg.norm(rays.world[sky], axis=1, keepdims=True)
        colour[sky] = sky_colour(unit, cloud_cover(), light.cloud_shift, towards)
        colour[hit] = _shade(court, atlas, shadow, light, forms, panel[hit], nearness[hit], rays.only(hit))
        colour = colour.reshape(-1, supersample, width, supersample, 3).mean(axis=(1, 3))
        levels[top : top + strip] = to_bytes(colour * warm)
    return develop(levels, position, q, light.noise_seed)


def render_depth(
    position_m,
    quaternion_wxyz,
    *,
    width: int = WIDTH,
    height: int = HEIGHT,
    light: Light | None = None,
    court_seed: int = 0,
) -> np.ndarray:
    """Depth along the optical axis at the pixel centres, (height, width) float32 metres, inf where the sky is.

    Takes the same poses as ``render_photo``; of the light, only what stands or moves matters (None: nothing).
    """
    light = light or Light()
    court, atlas = court_geometry(light.clutter, court_seed, light.moving), court_atlas(court_seed)
    rotation = quaternion.to_matrix(quaternion_wxyz)
    spacing = 1 / intrinsics(width, height)[0, 0]
    hits = _look(court, atlas, _finite_position(position_m), rotation, *image_plane(width, height), spacing)[1]
    return np.where(hits.panel < 0, np.inf, 1 / hits.nearness).astype(np.float32)
