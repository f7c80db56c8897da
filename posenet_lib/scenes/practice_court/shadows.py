"""Shadows: which points does light from one direction reach?

Sunlight is Lambert's cosine times a shadow map (the court seen from the sun: what the sun does not see is in shadow).
Skylight is darker where less of the sky is visible; that share is computed once for a coarse grid of points on every
panel by looking at the court from 20 directions.
"""

import copy
import math

import numpy as np

from posenet_lib.scenes.practice_court.atlas import TextureAtlas
from posenet_lib.scenes.practice_court.lighting import direction
from posenet_lib.scenes.practice_court.ray_caster import Forms, PanelArrays, cast, parallel_forms


class ShadowMap:
    """The court seen from far away in one direction: which points that direction reaches.

    Args:
        panels: those that cast shadows; textures (N,) their texture numbers, repeats (N, 2).
        towards: (3,) unit vector to the light.
        texels: side of the square map.
    """

    def __init__(self, panels: PanelArrays, textures, repeats, atlas: TextureAtlas, towards: np.ndarray, texels: int):
        right = np.cross([0.0, 0.0, 1.0], towards)
        right /= np.linalg.norm(right)
        self.axes = np.stack([right, np.cross(towards, right), towards])
        forms = parallel_forms(panels, self.axes)
        self.low = forms.bounds[:, [0, 2]].min(axis=0)
        self.size = (forms.bounds[:, [1, 3]].max(axis=0) - self.low) / texels
        self.texels = texels
        self.height = self._heights(forms, panels, textures, repeats, atlas)

    def _heights(self, forms: Forms, panels: PanelArrays, textures, repeats, atlas: TextureAtlas) -> np.ndarray:
        x, y = ((np.arange(self.texels) + 0.5) * self.size[:, None]) + self.low[:, None]

        def solid(n, _, u, v):
            level = int(max(0, np.log2(atlas.width[textures[n], 0] * repeats[n, 0] / max(1, len(u) ** 0.5)) - 1))
            return atlas.alpha(textures[n], level, u * repeats[n, 0], v * repeats[n, 1]) > 115

        return cast(forms, panels.taper, x, y, solid, atlas.has_holes[textures]).nearness

    def with_more(self, panels: PanelArrays, textures, repeats, atlas: TextureAtlas) -> "ShadowMap":
        """This map with the shadows of other panels added; what lies outside of it casts none."""
        more = copy.copy(self)
        heights = self._heights(parallel_forms(panels, self.axes), panels, textures, repeats, atlas)
        more.height = np.maximum(self.height, heights)
        return more

    def reached(self, points: np.ndarray, soft: bool = False, slack_m: float = 0.04) -> np.ndarray:
        """Share of light, 0..1 (N,), that arrives at points (N, 3)."""
        seen = points @ self.axes.T.astype(points.dtype)
        place = (seen[:, :2] - self.low.astype(seen.dtype)) / self.size.astype(seen.dtype)
        height = seen[:, 2] + slack_m
        if not soft:
            column, row = (np.clip(place[:, k].astype(np.int32), 0, self.texels - 1) for k in (0, 1))
            return (self.height.ravel().take(row * self.texels + column) <= height).astype(np.float32)
        corner = np.clip(np.floor(place).astype(np.int32), 1, self.texels - 2)
        part = np.clip(place - corner, 0, 1)
        # Quadratic B-spline weights of the texel before, at, and after: a soft edge without steps.
        weights = 0.5 * (1 - part) ** 2, 0.5 + part * (1 - part), 0.5 * part**2
        start = corner[:, 1] * self.texels + corner[:, 0]
        total = np.zeros(len(points), dtype=np.float32)
        for j in range(3):
            for i in range(3):
                free = self.height.ravel().take(start + (j - 1) * self.texels + (i - 1)) <= height
                total += free * weights[i][:, 0] * weights[j][:, 1]
        return total


def sky_directions(count: int = 20) -> np.ndarray:
    """Unit vectors (count, 3), evenly spread over the upper half of the sphere (Fibonacci spiral)."""
    step = np.arange(count) + 0.5
    azimuth, height = step * 137.508, step / count
    return np.stack([direction(a, math.degrees(math.asin(h))) for a, h in zip(azimuth, height, strict=True)])
