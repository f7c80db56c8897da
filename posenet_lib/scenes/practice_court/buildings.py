"""The houses and walls around PracticeCourt, and what lies beyond; metres, x east, y north, z up."""

from dataclasses import replace

import numpy as np

from posenet_lib.scenes.practice_court.panels import Panel, box, gable_roof, lathe, place, upright
from posenet_lib.scenes.practice_court.plants import tree

NORTH, EAST, WEST = 7.0, 10.8, -10.8  # where the fronts stand


def museum() -> list[Panel]:
    """Brick hall with stone pilasters, cornice and steps."""
    parts = box((-11.6, 7.2, 0), (-4.3, 11, 4.4), "brick", 2.0)
    parts[0] = upright(-11.6, 7.2, 0, 7.3, 4.4, "s", "hall")
    parts += gable_roof((-11.9, 6.9, 4.4), (-4.1, 11.3, 6.3), "clay_tiles", "brick")
    parts += box((-11.9, 6.9, 4.3), (-4.1, 7.2, 4.42), "sandstone", bottom=True)
    for x in (-11.6, -9.95, -8.3, -6.6):
        parts += box((x, 7.02, 0), (x + 0.22, 7.2, 3.5), "sandstone", 2.0)
    return (
        parts
        + box((-6.2, 6.55, 0), (-4.5, 7.2, 0.14), "grey_stone")
        + box((-6.1, 6.8, 0.14), (-4.6, 7.2, 0.28), "grey_stone")
    )


def tower() -> list[Panel]:
    """Clock tower with three clocks, cornices and a copper pyramid."""
    x0, x1, y0, y1 = -3.7, -0.7, 6.3, 9.3
    parts = [
        upright(x0, y0, 0, 3, 7.6, "s", "tower"),
        upright(x1, y0, 0, 3, 7.6, "e", "tower", tint=(0.96, 0.94, 0.92)),
        upright(x0, y1, 0, 3, 7.6, "w", "tower", tint=(1, 0.98, 0.94)),
        upright(x1, y1, 0, 3, 7.6, "n", "sandstone", repeat=(1.5, 3.8)),
    ]
    for z, out, thick in ((2.95, 0.08, 0.12), (5.95, 0.12, 0.16), (7.5, 0.22, 0.2)):
        parts += box(
            (x0 - out, y0 - out, z),
            (x1 + out, y1 + out, z + thick),
            "sandstone",
            2.0,
            bottom=True,
            tint=(1.08, 1.06, 1.02),
        )
    middle = (x0 + x1) / 2
    for x, y, side in ((middle - 0.8, y0 - 0.05, "s"), (x1 + 0.05, y0 + 0.7, "e"), (x0 - 0.05, y0 + 2.3, "w")):
        parts.append(upright(x, y, 4.28, 1.6, 1.6, side, "clock"))
    # Four sides, turned by 45 degrees: a pyramid.
    parts += place(
        lathe([(2.35, 7.7), (1.3, 8.6), (0.0, 10.6)], "copper", 4, (12, 2)), middle, (y0 + y1) / 2, turn_deg=45
    )
    return parts + box((x0 + 0.5, y0 - 0.5, 0), (x1 - 0.5, y0, 0.15), "grey_stone")


def archway() -> list[Panel]:
    """Wall with an open arch, and the lane behind it."""
    parts = [upright(-0.7, 7.7, 0, 4, 3.6, "s", "archway"), upright(3.3, 8.2, 0, 4, 3.6, "n", "archway")]
    parts += [Panel((-0.7, 7.7, 3.6), (4, 0, 0), (0, 0.5, 0), "grey_stone", repeat=(4, 0.5))]
    for x, side in ((0.22, "e"), (2.38, "w")):  # the jambs, 0.5 m deep
        parts.append(upright(x, 7.7 if side == "e" else 8.2, 0, 0.5, 1.7, side, "grey_stone", repeat=(0.5, 1.7)))
    parts.append(upright(-3.2, 15.5, 0, 9, 5, "s", "street"))
    parts += gable_roof((-3.4, 15.3, 5), (6.2, 18, 6.8), "dark_tiles", "white_plaster")
    return parts + place(tree("leaves_linden", 1.2, 1.0, 1.1, 18, 61), 3.2, 12.0)


def cafe() -> list[Panel]:
    """White house with dormers, balcony and flower boxes."""
    x0, x1, y0 = 3.3, 10.7, NORTH
    parts = box((x0, y0, 0), (x1, 11, 4.9), "white_plaster", 2.0)
    parts[0] = upright(x0, y0, 0, 7.4, 4.9, "s", "cafe")
    parts += gable_roof((x0 - 0.3, y0 - 0.35, 4.85), (x1 + 0.3, 11.4, 6.6), "slate", "white_plaster")
    for x in (5.0, 8.4):  # dormers in the roof
        parts += box((x - 0.5, 7.3, 5.0), (x + 0.5, 8.6, 6.0), "white_plaster")
        parts += [upright(x - 0.36, 7.27, 5.15, 0.72, 0.7, "s", "hotel", repeat=(0.15, 0.27), shift_u=0.10)]
        parts += gable_roof((x - 0.6, 7.15, 6.0), (x + 0.6, 8.9, 6.45), "slate", "white_plaster", "y")
    parts += box((x0 + 2.35, y0 - 0.85, 2.74), (x0 + 4.2, y0, 2.86), "white_plaster", bottom=True)  # balcony
    parts.append(upright(x0 + 2.35, y0 - 0.82, 2.86, 1.85, 0.85, "s", "fence", repeat=(1.85, 1), two_sided=True))
    parts.append(upright(x0 + 2.38, y0, 2.86, 0.82, 0.85, "w", "fence", repeat=(0.8, 1), two_sided=True))
    parts.append(upright(x0 + 4.17, y0 - 0.82, 2.86, 0.82, 0.85, "e", "fence", repeat=(0.8, 1), two_sided=True))
    for x, flowers in ((0.7, "flowers_red"), (5.7, "flowers_violet")):
        parts.append(upright(x0 + x, y0 - 0.16, 3.02, 0.95, 0.4, "s", flowers, repeat=(1, 1), normal=(0, -0.7, 0.7)))
        parts += box((x0 + x, y0 - 0.2, 2.95), (x0 + x + 0.95, y0, 3.1), "wood", bottom=True)
    return parts + box((x0 + 0.3, y0 - 0.12, 4.75), (x1, y0, 4.9), "white_plaster", bottom=True)


def east() -> list[Panel]:
    """Book shop with its awning, and the half-timbered bakery."""
    parts = box((EAST, 0.4, 0), (14, 6.9, 4.2), "metal", 2.0, tint=(1.4, 1.45, 1.5))
    parts[1] = upright(EAST, 6.9, 0, 6.5, 4.2, "w", "shop")
    parts[3] = parts[1]
    parts += box((EAST - 0.25, 0.3, 4.2), (14, 7.0, 4.4), "metal", bottom=True, tint=(0.8, 0.85, 0.9))
    # The awning slopes outwards from above the shelves.
    parts.append(
        Panel((EAST - 1.25, 6.3, 1.95), (0, -5.2, 0), (1.2, 0, 0.5), "awning_orange", repeat=(2.6, 1), two_sided=True)
    )
    parts.append(
        Panel((EAST - 1.25, 6.3, 1.72), (0, -5.2, 0), (0, 0, 0.23), "awning_orange", repeat=(2.6, 0.2), two_sided=True)
    )
    # Bakery: the upper floor leans out over the street.
    parts += box((EAST + 0.2, -6.5, 0), (15, 0.1, 2.2), "cream_plaster", 2.0)
    parts += box((EAST - 0.15, -6.5, 2.2), (15, 0.1, 4.6), "cream_plaster", 2.0, bottom=True)
    parts.append(upright(EAST + 0.19, 0.1, 0, 6.6, 2.2, "w", "bakery"))
    parts.append(Panel((EAST - 0.16, 0.1, 2.2), (0, -6.6, 0), (0, 0, 2.4), "bakery_upper"))
    parts += gable_roof((EAST - 0.5, -6.9, 4.55), (15, 0.3, 7.1), "dark_tiles", "cream_plaster")
    parts += box((EAST - 1.5, -3.37, 2.45), (EAST - 0.15, -3.33, 2.49), "metal", bottom=True)
    parts.append(upright(EAST - 1.5, -3.35, 1.9, 1.3, 0.55, "s", "bakery_sign", two_sided=True))
    return parts + place(
        gable_roof((-1.2, -1.4, 4.6), (1.2, 1.4, 6.2), "dark_tiles", "bakery_gable", "y"),
        EAST + 0.75,
        -3.2,
        turn_deg=-90,
    )


def west() -> list[Panel]:
    """Garden wall with mural, ivy and door; the yellow hotel; trees behind."""
    parts = box((WEST - 0.4, -1.5, 0), (WEST, 7.2, 2.7), "wall_stone", 2.0)
    parts += box((WEST - 0.5, -1.5, 2.7), (WEST + 0.1, 7.2, 2.82), "grey_stone", bottom=True)
    parts.append(upright(WEST + 0.03, 0.1, 0.15, 4.0, 2.4, "e", "mural"))
    parts.append(upright(WEST + 0.05, 4.2, 0.3, 3.0, 2.6, "e", "ivy", normal=(0.8, -0.3, 0.5)))
    parts.append(upright(WEST + 0.14, 4.4, 0.9, 2.8, 2.05, "e", "ivy", tint=(1.1, 1.15, 1.0), normal=(0.8, -0.4, 0.5)))
    parts.append(upright(WEST + 0.04, -1.35, 0, 1.3, 2.35, "e", "garden_door"))
    parts += box((-15, -8.0, 0), (WEST + 0.2, -1.5, 5.2), "yellow_plaster", 2.0)
    parts.append(upright(WEST + 0.21, -8.0, 0, 6.5, 5.2, "e", "hotel"))
    parts += gable_roof((-15, -8.3, 5.2), (WEST + 0.5, -1.2, 7.2), "slate", "yellow_plaster", "y")
    parts.append(upright(WEST + 0.22, -1.7, 2.6, 0.6, 2.3, "s", "hotel_sign", two_sided=True))
    parts += box((WEST + 0.2, -5.3, 0), (WEST + 0.8, -4.0, 0.15), "grey_stone")
    for k, (x, y) in enumerate(((-13.4, 0.5), (-13.0, 4.2), (-14.2, 7.0))):
        parts += place(tree(("leaves_birch", "leaves_linden", "leaves_dark")[k], 2.0, 1.5, 1.2, 26, 70 + k), x, y)
    return parts


def south() -> list[Panel]:
    """Hedge, trees and a row of plain houses."""
    parts = [upright(7, -12.5, 0, 18, 4.6, "n", "row_house", repeat=(1.5, 1))]
    parts += gable_roof((-11.4, -16, 4.6), (7.4, -12.2, 6.6), "clay_tiles", "white_plaster")
    parts += box((-10.6, -9.2, 0), (9.4, -8.5, 1.15), "hedge", 1.0)
    parts += place(tree("leaves_linden", 1.8, 1.6, 1.0, 26, 81), 9.0, -11.0)
    return parts + place(tree("leaves_birch", 1.8, 1.3, 1.2, 22, 83), -9.0, -10.8)


def horizon() -> list[Panel]:
    """Hills all around, 70 m away, and the meadow up to them."""
    ring = lathe([(70, -1.0), (69.9, 9.0)], "hills", 16, (2, 1), casts_shadow=False)
    inward = [
        replace(p, corner_m=np.add(p.corner_m, p.edge_u_m), edge_u_m=-np.array(p.edge_u_m), normal=(0, -0.3, 0.8))
        for p in ring
    ]
    meadow = Panel((-75, -75, -0.06), (150, 0, 0), (0, 150, 0), "meadow", (30, 30), casts_shadow=False)
    around = Panel((-20, -20, -0.03), (40, 0, 0), (0, 44, 0), "paving", (20, 22), casts_shadow=False)
    return [*inward, meadow, around, Panel((-13, -10, 0), (26, 0, 0), (0, 20, 0), "court_floor", casts_shadow=False)]
