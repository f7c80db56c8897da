"""Things that stand in the court: the fountain, lamps, benches, a kiosk, a statue, parasols, flags."""

import math

from posenet_lib.scenes.practice_court.figures import person, scaled
from posenet_lib.scenes.practice_court.panels import Panel, ball, box, lathe, place, upright

Colour = tuple[float, float, float]


def fountain() -> list[Panel]:
    """Octagonal basin, column, bowl and jets; 2.2 m wide."""
    stone = {"tint": (1.12, 1.1, 1.05)}
    basin = lathe(
        [(1.12, 0), (1.12, 0.12), (1.02, 0.14), (1.02, 0.45), (1.12, 0.47), (1.12, 0.56)],
        "grey_stone",
        8,
        (8, 0.5),
        **stone,
    )
    rim = lathe([(1.12, 0.56), (0.9, 0.561)], "grey_stone", 8, (8, 0.3), **stone)
    inside = lathe([(0.9, 0.561), (0.899, 0.4)], "grey_stone", 8, (8, 0.3), two_sided=True)
    pool = lathe([(0.9, 0.42), (0.05, 0.425)], "water", 8, (6, 1.2))
    column = lathe([(0.3, 0.4), (0.16, 0.62), (0.13, 1.1), (0.2, 1.2)], "grey_stone", 10, (2, 0.5), **stone)
    bowl = lathe([(0.2, 1.2), (0.55, 1.36), (0.6, 1.46)], "grey_stone", 12, (4, 0.4), **stone)
    top = lathe([(0.6, 1.46), (0.14, 1.45), (0.1, 1.72), (0.15, 1.8), (0.0, 1.95)], "grey_stone", 10, (2, 0.4), **stone)
    jets = [
        Panel(
            (-0.8 * c, -0.8 * s, 0.72), (1.6 * c, 1.6 * s, 0), (0, 0, 1.0), "jets", two_sided=True, casts_shadow=False
        )
        for c, s in ((1, 0), (math.cos(1.05), math.sin(1.05)), (math.cos(2.1), math.sin(2.1)))
    ]
    return [*basin, *rim, *inside, *pool, *column, *bowl, *top, *jets]


def lamp(tint: Colour = (0.35, 0.5, 0.42)) -> list[Panel]:
    """A lamp post, 3.1 m, with a white globe."""
    post = lathe([(0.15, 0), (0.13, 0.35), (0.06, 0.45), (0.045, 2.55), (0.11, 2.62)], "metal", 8, tint=tint)
    return (
        post
        + ball(0.19, 2.82, "plain", 8, 5, tint=(0.95, 0.93, 0.85))
        + lathe([(0.16, 2.97), (0.0, 3.12)], "metal", 8, tint=tint)
    )


def bench(tint: Colour) -> list[Panel]:
    """A bench that faces south, 1.6 m wide, painted boards on iron legs."""
    parts = []
    for k in range(3):
        parts += box((-0.8, -0.28 + 0.17 * k, 0.43), (0.8, -0.14 + 0.17 * k, 0.47), "pale_wood", bottom=True, tint=tint)
    for k in range(2):
        parts += box((-0.8, 0.24, 0.58 + 0.19 * k), (0.8, 0.28, 0.73 + 0.19 * k), "pale_wood", bottom=True, tint=tint)
    for x in (-0.66, 0.6):
        parts += box((x, -0.24, 0), (x + 0.06, 0.24, 0.43), "metal") + box((x, 0.24, 0), (x + 0.06, 0.3, 0.9), "metal")
    return parts


def parasol_table(cloth: str = "parasol_red") -> list[Panel]:
    """A café table with a parasol and two chairs."""
    parts = lathe([(0.22, 0), (0.03, 0.06), (0.03, 2.3)], "metal", 6) + lathe(
        [(1.15, 2.0), (0.03, 2.45)], cloth, 8, (4, 1), two_sided=True
    )
    parts += lathe([(0.4, 0.72), (0.4, 0.75), (0.02, 0.751)], "plain", 12, tint=(0.9, 0.88, 0.82))
    for side in (-1, 1):
        x = 0.62 * side
        parts += box((x - 0.18, -0.18, 0.42), (x + 0.18, 0.18, 0.46), "pale_wood", bottom=True)
        parts += box((x + 0.16 * side - 0.02, -0.18, 0.46), (x + 0.16 * side + 0.02, 0.18, 0.85), "pale_wood")
        for dx in (-0.15, 0.15):
            for dy in (-0.15, 0.15):
                parts += box((x + dx - 0.015, dy - 0.015, 0), (x + dx + 0.015, dy + 0.015, 0.42), "metal")[:4]
    return parts


def statue() -> list[Panel]:
    """A bronze figure that holds up a golden ball, on a stone plinth; 3.3 m."""
    parts = box((-0.5, -0.5, 0), (0.5, 0.5, 0.2), "sandstone") + box(
        (-0.38, -0.38, 0.2), (0.38, 0.38, 1.15), "sandstone"
    )
    parts += box((-0.46, -0.46, 1.15), (0.46, 0.46, 1.27), "sandstone", bottom=True)
    bronze = (1.0, 1.0, 1.0)
    figure = person(bronze, bronze, bronze, bronze, bronze, "bronze", raised_arm=True)
    parts += place(scaled(figure, 0.98), 0, 0, 1.27)
    return parts + place(ball(0.12, 3.18, "plain", 10, 6, tint=(0.8, 0.45, 0.05)), 0.42, -0.03)


def kiosk() -> list[Panel]:
    """A turquoise newspaper kiosk, its counter facing south."""
    paint = (0.16, 0.52, 0.5)
    parts = box((-0.8, -0.8, 0), (0.8, 0.8, 2.1), "planks_teal")
    parts[0] = upright(-0.8, -0.8, 0, 1.6, 2.1, "s", "kiosk")
    parts.append(upright(-0.81, 0.6, 0.5, 1.2, 1.3, "w", "posters", repeat=(1 / 3, 0.8)))
    parts += box((-0.9, -1.05, 0.86), (0.9, -0.8, 0.92), "pale_wood", bottom=True)
    parts += lathe([(1.3, 2.1), (1.25, 2.2), (0.7, 2.55), (0.1, 2.9), (0.0, 3.1)], "copper", 8, (8, 1), two_sided=True)
    return (
        parts
        + ball(0.12, 3.15, "plain", 8, 4, tint=(0.9, 0.68, 0.2))
        + box((-0.85, -0.85, 0), (0.85, 0.85, 0.12), "plain", tint=paint)
    )


def advertising_column() -> list[Panel]:
    """A round column with posters, 3 m."""
    wrap = place(lathe([(0.55, 0.5), (0.549, 2.55)], "posters", 16), 0, 0, 0)
    foot = lathe([(0.62, 0), (0.62, 0.45), (0.55, 0.5)], "metal", 16, tint=(0.5, 0.8, 0.6))
    return (
        foot
        + wrap
        + lathe([(0.55, 2.55), (0.68, 2.6), (0.68, 2.7), (0.4, 2.95), (0.0, 3.2)], "metal", 16, tint=(0.5, 0.8, 0.6))
    )


def flagpole(flag: str, height_m: float = 4.4) -> list[Panel]:
    """A white pole with a flag towards the east, stretched by the wind."""
    parts = lathe([(0.05, 0), (0.035, height_m)], "plain", 6, tint=(0.9, 0.9, 0.9)) + ball(
        0.07, height_m, "plain", 6, 4, tint=(0.9, 0.7, 0.2)
    )
    cloth = Panel((0.04, 0, height_m - 0.95), (1.2, 0.16, -0.08), (0, 0, 0.85), flag, two_sided=True)
    return [*parts, cloth]
