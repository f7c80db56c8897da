"""The court as arrays, with what its shading needs: textures, shadow map, and how much sky each surface sees."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from posenet_lib.scenes.practice_court.atlas import TextureAtlas
from posenet_lib.scenes.practice_court.clutter import clutter_panels
from posenet_lib.scenes.practice_court.lighting import direction
from posenet_lib.scenes.practice_court.panels import Panel
from posenet_lib.scenes.practice_court.plan import court_plan
from posenet_lib.scenes.practice_court.ray_caster import PanelArrays, panel_arrays
from posenet_lib.scenes.practice_court.shadows import ShadowMap, sky_directions

SKY_GRID_M = 0.35  # spacing of the points at which the visible share of the sky is known
MAX_GRID = 60


class Court(NamedTuple):
    """All panels with what shading needs, arrays over N panels; sky_share is one flat array of grids."""

    shapes: PanelArrays
    texture: np.ndarray
    repeat: np.ndarray
    shift: np.ndarray
    texels_per_m: np.ndarray
    tint: np.ndarray
    normal: np.ndarray
    swing: np.ndarray
    turns_to_viewer: np.ndarray  # cloth and other thin things are lit on the side one sees
    casts_shadow: np.ndarray
    grid_start: np.ndarray
    grid_size: np.ndarray  # (N, 2) points along u and v
    sky_share: np.ndarray


@lru_cache(maxsize=2)
def court_atlas(court_seed: int = 0) -> TextureAtlas:
    """All textures of a court, painted once in a process."""
    return TextureAtlas(court_plan(court_seed).textures())


def court_arrays(panels: list[Panel], atlas: TextureAtlas) -> Court:
    """Collect panels into arrays; the share of sky is still 1 everywhere."""
    shapes = panel_arrays(panels)
    texture = np.array([atlas.index[p.texture] for p in panels])
    repeat = np.array([p.repeat for p in panels])
    lengths = np.stack([np.linalg.norm(shapes.edge_u, axis=1), np.linalg.norm(shapes.edge_v, axis=1)], axis=1)
    texels = np.stack([atlas.width[texture, 0], atlas.height[texture, 0]], axis=1) * repeat
    normal = np.array([n if p.normal is None else p.normal for p, n in zip(panels, shapes.normal, strict=True)])
    grid_size = np.clip(np.ceil(lengths / SKY_GRID_M).astype(int) + 1, 2, MAX_GRID)
    start = np.concatenate([[0], np.cumsum(grid_size.prod(axis=1))])
    f32 = np.float32
    return Court(
        shapes=shapes,
        texture=texture,
        repeat=repeat.astype(f32),
        shift=np.array([p.shift_u for p in panels], dtype=f32),
        texels_per_m=(texels / lengths).max(axis=1).astype(f32),
        tint=np.array([p.tint for p in panels], dtype=f32),
        normal=normal.astype(f32),
        swing=np.array([p.normal_swing for p in panels], dtype=f32),
        turns_to_viewer=np.array([p.two_sided and p.normal is None for p in panels]),
        casts_shadow=np.array([p.casts_shadow for p in panels]),
        grid_start=start[:-1],
        grid_size=grid_size,
        sky_share=np.ones(start[-1], dtype=f32),
    )


def _shadow_map(court: Court, atlas: TextureAtlas, towards: np.ndarray, texels: int) -> ShadowMap:
    casts = court.casts_shadow
    shapes = PanelArrays(*(a[casts] for a in court.shapes))
    return ShadowMap(shapes, court.texture[casts], court.repeat[casts], atlas, towards, texels)


@lru_cache(maxsize=2)
def _static_sky_share(court_seed: int) -> np.ndarray:
    """Visible share of the sky, by cosine, at the grid points of the panels that never move."""
    atlas = court_atlas(court_seed)
    court = court_arrays(court_plan(court_seed).panels, atlas)
    points, normals = [], []
    for n, (wide, high) in enumerate(court.grid_size):
        u, v = np.meshgrid(np.linspace(0.04, 0.96, wide), np.linspace(0.04, 0.96, high))
        at = (
            court.shapes.corner[n]
            + u.reshape(-1, 1) * court.shapes.edge_u[n]
            + v.reshape(-1, 1) * court.shapes.edge_v[n]
        )
        points.append(at + 0.10 * court.shapes.normal[n])
        normals.append(np.broadcast_to(court.normal[n], at.shape))
    points, normals = np.concatenate(points), np.concatenate(normals)
    seen, possible = np.zeros(len(points)), np.full(len(points), 1e-3)
    for towards in sky_directions():
        weight = np.maximum(normals @ towards, 0)
        seen += weight * _shadow_map(court, atlas, towards, 420).reached(points, slack_m=0.05)
        possible += weight
    return (seen / possible).astype(np.float32)


@lru_cache(maxsize=4)
def court_geometry(clutter: tuple = (), court_seed: int = 0, moving: tuple = ()) -> Court:
    """A court with clutter as arrays, not lit: what depth needs. Kept, because a walk's photos share it."""
    if moving:
        return _joined(
            court_geometry(clutter, court_seed), court_arrays(clutter_panels(moving), court_atlas(court_seed))
        )
    panels = [*court_plan(court_seed).panels, *clutter_panels(clutter)]
    return court_arrays(panels, court_atlas(court_seed))


def _joined(still: Court, moving: Court) -> Court:
    """Both as one, the still panels first."""
    shapes = PanelArrays(*(np.concatenate(both) for both in zip(still.shapes, moving.shapes, strict=True)))
    moving = moving._replace(grid_start=moving.grid_start + len(still.sky_share))
    rest = (np.concatenate(both) for both in zip(still[1:], moving[1:], strict=True))
    return Court(shapes, *rest)


@lru_cache(maxsize=4)
def _sun_shadows(sun_azimuth_deg: float, sun_elevation_deg: float, clutter: tuple, court_seed: int) -> ShadowMap:
    court, towards = court_geometry(clutter, court_seed), direction(sun_azimuth_deg, sun_elevation_deg)
    return _shadow_map(court, court_atlas(court_seed), towards, 2048)


@lru_cache(maxsize=2)
def lit_court(
    sun_azimuth_deg: float, sun_elevation_deg: float, clutter: tuple, court_seed: int = 0, moving: tuple = ()
) -> tuple[Court, ShadowMap]:
    """The court with clutter, and the shadow map of a sun; kept, because a walk's photos share both.

    What is `moving` adds its shadows to those of the rest.
    """
    court, atlas = court_geometry(clutter, court_seed, moving), court_atlas(court_seed)
    still = _static_sky_share(court_seed)
    rest = np.full(len(court.sky_share) - len(still), 0.75, dtype=np.float32)  # not worth the wait
    shadow = _sun_shadows(sun_azimuth_deg, sun_elevation_deg, clutter, court_seed)
    if moving:
        figures = court_arrays(clutter_panels(moving), atlas)
        shadow = shadow.with_more(figures.shapes, figures.texture, figures.repeat, atlas)
    return court._replace(sky_share=np.concatenate([still, rest])), shadow
