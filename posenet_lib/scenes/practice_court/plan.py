"""Which court: what stands in it, and which textures it wears. Seed 0 is PracticeCourt; every other seed is a town."""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import NamedTuple

import numpy as np
from PIL import Image

from posenet_lib.scenes.practice_court import buildings, court
from posenet_lib.scenes.practice_court.court import Outline
from posenet_lib.scenes.practice_court.panels import Panel, place
from posenet_lib.scenes.practice_court.textures import all_textures, town_textures
from posenet_lib.scenes.practice_court.town.furnishings import furnishings
from posenet_lib.scenes.practice_court.town.houses import town


class CourtPlan(NamedTuple):
    """One court of the family, without what moves and without light."""

    panels: list[Panel]
    furnishings: tuple  # rows as in `court.FURNISHINGS`
    buildings: list[Outline]
    textures: Callable[[], dict[str, Image.Image | np.ndarray]]  # painted when they are first needed


@lru_cache(maxsize=2)
def court_plan(court_seed: int = 0) -> CourtPlan:
    """The court of a seed, 0 or more; the same seed gives the same court.

    Raises:
        ValueError: the seed is negative.
    """
    if court_seed < 0:
        raise ValueError(f"a court's seed is a whole number from 0 up, got {court_seed}")
    if court_seed == 0:
        return CourtPlan(court.court_panels(), court.FURNISHINGS, court.building_outlines(), all_textures)
    rng = np.random.default_rng([court_seed, 0])
    houses, rows = town(rng), furnishings(rng)
    panels = [*buildings.horizon(), *houses.panels]
    for _, make, x, y, turn_deg, *_ in rows:
        panels += place(make(), x, y, turn_deg=turn_deg)
    outlines = [
        Outline(f.label, f.corners_m, 0.0, f.height_m, tuple(rng.uniform(0.4, 0.9, 3))) for f in houses.footprints
    ]
    return CourtPlan(panels, rows, outlines, partial(town_textures, houses.textures, court_seed))


def landmark_outlines(court_seed: int = 0) -> list[Outline]:
    """The ground plan: buildings, lawns and furniture as labelled polygons with heights and colours for plots."""
    plan = court_plan(court_seed)
    outlines, angles = list(plan.buildings), np.arange(24) * np.pi / 12
    for label, make, x, y, turn_deg, radius, colour in plan.furnishings:
        top = max(p.corner_m[2] + max(p.edge_v_m[2], 0) for p in place(make(), x, y, turn_deg=turn_deg))
        circle = np.stack([x + radius * np.cos(angles), y + radius * np.sin(angles)], axis=1)
        outlines.append(Outline(label, circle, 0.0, top, colour))
    return outlines
