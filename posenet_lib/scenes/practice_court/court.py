"""The geometry of PracticeCourt: four sides that can't be mistaken for each other around a paved court.

World frame: metres, x east, y north, z up, the origin near the fountain. One walks in x -7..7, y -5.5..3.5 and looks
mostly north: brick museum, clock tower, archway and white café from left to right; book shop and half-timbered bakery
in the east; yellow hotel and garden wall with ivy and mural in the west; a hedge and plain houses in the south.
"""

from typing import NamedTuple

import numpy as np

from posenet_lib.scenes.practice_court import buildings, furniture, plants
from posenet_lib.scenes.practice_court.panels import Panel, lathe, place


class Outline(NamedTuple):
    """One thing on the ground plan: corners (K, 2) in metres, z extent, colour 0..1, whether walkers avoid it."""

    label: str
    corners_m: np.ndarray
    z_low_m: float
    z_high_m: float
    colour: tuple[float, float, float]
    solid: bool = True


# What stands in the court: label, maker, x, y, turn in degrees, radius kept by walkers , colour.
FURNISHINGS = (
    ("fountain", furniture.fountain, 1.0, 0.6, 11, 1.2, (0.45, 0.65, 0.75)),
    ("linden", lambda: plants.tree("leaves_linden", 2.55, 1.35, 0.85, 40, 11), -4.8, 1.6, 0, 0.65, (0.35, 0.55, 0.2)),
    ("birch", lambda: plants.tree("leaves_birch", 2.5, 0.95, 1.2, 30, 13, (2.1, 2.1, 2.1)), 5.2, -4.6, 40, 0.4,
     (0.65, 0.68, 0.25)),
    ("maple", lambda: plants.tree("leaves_maple", 2.1, 1.2, 0.95, 36, 17), -8.6, -5.2, 70, 0.6, (0.68, 0.22, 0.15)),
    ("cypress", lambda: plants.cypress(21), 10.0, 0.25, 0, 0.6, (0.15, 0.33, 0.2)),
    ("cypress", lambda: plants.cypress(22, 3.9), 3.3, 6.4, 0, 0.6, (0.15, 0.33, 0.2)),
    ("statue", furniture.statue, 4.3, -1.5, -20, 0.7, (0.45, 0.5, 0.42)),
    ("kiosk", furniture.kiosk, 7.9, 3.9, 30, 1.3, (0.15, 0.5, 0.5)),
    ("advertising column", furniture.advertising_column, -7.6, 4.9, 20, 0.8, (0.85, 0.45, 0.3)),
    ("lamp", furniture.lamp, -1.3, 4.6, 0, 0.3, (0.25, 0.3, 0.28)),
    ("lamp", lambda: furniture.lamp((0.25, 0.25, 0.3)), -6.9, -2.6, 0, 0.3, (0.25, 0.25, 0.3)),
    ("lamp", furniture.lamp, 7.5, -0.4, 0, 0.3, (0.25, 0.3, 0.28)),
    ("bench", lambda: furniture.bench((0.35, 0.62, 0.4)), -3.0, 4.75, 0, 0.35, (0.35, 0.55, 0.35)),
    ("bench", lambda: furniture.bench((0.85, 0.3, 0.25)), 2.2, 4.75, 0, 0.35, (0.8, 0.3, 0.25)),
    ("bench", lambda: furniture.bench((0.3, 0.5, 0.85)), -8.9, -0.4, 90, 0.5, (0.3, 0.45, 0.8)),
    ("planter", lambda: plants.planter("flowers_red", (0.62, 0.6, 0.56)), -0.6, 5.9, 0, 0.7, (0.8, 0.2, 0.2)),
    ("planter", lambda: plants.planter("flowers_yellow", (0.2, 0.3, 0.5)), 8.9, -2.2, 90, 0.7, (0.95, 0.75, 0.2)),
    ("planter", lambda: plants.planter("flowers_violet", (0.55, 0.3, 0.2), 1.4), -9.0, 2.2, 90, 0.8, (0.6, 0.35, 0.75)),
    ("parasol", furniture.parasol_table, 8.6, 5.9, 20, 1.2, (0.78, 0.2, 0.2)),
    ("parasol", lambda: furniture.parasol_table("awning_blue"), 6.1, 5.75, 50, 1.2, (0.2, 0.4, 0.7)),
    ("flag", lambda: furniture.flagpole("flag_museum", 5.5), -9.9, 6.3, 0, 0.2, (0.1, 0.5, 0.5)),
    ("flag", lambda: furniture.flagpole("flag_city", 5.4), -4.1, 5.9, 180, 0.2, (0.78, 0.2, 0.2)),
    ("flag", lambda: furniture.flagpole("flag_blue"), 9.6, -6.9, 180, 0.2, (0.15, 0.2, 0.4)),
)  # fmt: skip


def court_panels() -> list[Panel]:
    """All panels that never move."""
    panels = []
    for part in ("horizon", "museum", "tower", "archway", "cafe", "east", "west", "south"):
        panels += getattr(buildings, part)()
    for _, make, x, y, turn_deg, *_ in FURNISHINGS:
        panels += place(make(), x, y, turn_deg=turn_deg)
    panels.append(Panel((-0.75, 6.2, 3.1), (4.1, 0.7, 0.1), (0, 0, 0.9), "bunting", two_sided=True))
    panels.append(Panel((-10.7, 5.9, 0.02), (1.7, 0.5, 0), (0, 0, 1.05), "bicycle_red", two_sided=True))
    for k in range(7):  # bollards along the street in the north
        panels += place(
            lathe([(0.08, 0), (0.07, 0.7), (0.1, 0.74), (0.0, 0.85)], "metal", 8),
            -8.6 + 0.9 * k if k < 4 else 0.6 * k - 1.6,
            5.2,
        )
    return panels


def building_outlines() -> list[Outline]:
    """Buildings and lawns of PracticeCourt on the ground plan."""

    def rectangle(label, x0, y0, x1, y1, high, colour, solid=True):
        return Outline(label, np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], dtype=float), 0.0, high, colour, solid)

    return [
        rectangle("museum", -11.6, 7.2, -4.3, 11, 6.3, (0.62, 0.3, 0.22)),
        rectangle("clock tower", -3.7, 6.3, -0.7, 9.3, 10.6, (0.83, 0.72, 0.52)),
        rectangle("archway", -0.7, 7.7, 3.3, 8.2, 3.6, (0.6, 0.58, 0.55)),
        rectangle("café", 3.3, 7.0, 10.7, 11, 6.6, (0.93, 0.91, 0.86)),
        rectangle("book shop", 10.8, 0.4, 14, 6.9, 4.4, (0.9, 0.42, 0.12)),
        rectangle("bakery", 10.65, -6.5, 14, 0.1, 7.1, (0.55, 0.36, 0.22)),
        rectangle("garden wall", -11.3, -1.5, -10.66, 7.2, 2.8, (0.7, 0.58, 0.43)),
        rectangle("hotel", -14, -8.0, -10.6, -1.5, 7.2, (0.9, 0.7, 0.33)),
        rectangle("hedge", -10.6, -9.2, 9.4, -8.5, 1.15, (0.3, 0.45, 0.2)),
        rectangle("lawn", -8.6, 0.4, -3.4, 4.0, 0.0, (0.6, 0.76, 0.42), solid=False),
        rectangle("lawn", 4.2, -5.6, 8.8, -2.2, 0.0, (0.6, 0.76, 0.42), solid=False),
    ]
