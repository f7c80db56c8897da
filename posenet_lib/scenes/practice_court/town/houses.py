"""Rows of houses around a court: boxes with painted fronts, roofs, awnings, dormers, walls between them.

Every house is built at the origin with its front to the south and then turned to its side of the court.
"""

from typing import NamedTuple

import numpy as np
from PIL import Image

from posenet_lib.scenes.practice_court.panels import Panel, box, gable_roof, lathe, place, upright
from posenet_lib.scenes.practice_court.plants import tree
from posenet_lib.scenes.practice_court.town.fronts import front
from posenet_lib.scenes.practice_court.town.palette import tint

DEPTH_M = 4.0
WALLS = ("brick", "sandstone", "grey_stone", "wall_stone", "white_plaster", "yellow_plaster", "cream_plaster", "wood")
ROOFS = ("clay_tiles", "slate", "dark_tiles", "copper")
AWNINGS = ("awning_orange", "awning_blue", "parasol_red")
LEAVES = ("leaves_linden", "leaves_birch", "leaves_maple", "leaves_dark")


class Footprint(NamedTuple):
    """A building on the ground plan: corners (4, 2) and height in metres."""

    label: str
    corners_m: np.ndarray
    height_m: float


class Town(NamedTuple):
    """All houses: panels, their painted fronts by texture name, and the ground plan."""

    panels: list[Panel]
    textures: dict[str, Image.Image]
    footprints: list[Footprint]


class _Side(NamedTuple):
    """One side of the court: where its row begins, how it is turned, how long it is."""

    x: float
    y: float
    turn_deg: float
    length_m: float

    def corners(self, left: float, width: float, near: float, deep: float) -> np.ndarray:
        """The ground plan (4, 2) of what stands `left` metres along the row."""
        angle = np.radians(self.turn_deg)
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        local = np.array([(left, near), (left + width, near), (left + width, near + deep), (left, near + deep)])
        return local @ turn + (self.x, self.y)


def town(rng: np.random.Generator) -> Town:
    """Four rows of houses, each side at a distance of its own."""
    north, east = rng.uniform(6.6, 8.4), rng.uniform(9.8, 11.6)
    south, west = rng.uniform(-9.6, -8.2), rng.uniform(-11.6, -9.8)
    sides = (
        _Side(west - 1, north, 0, east - west + 2),
        _Side(east, north + 0.5, -90, north - south + 1),
        _Side(east + 1, south, 180, east - west + 2),
        _Side(west, south - 0.5, 90, north - south + 1),
    )
    built = Town([], {}, [])
    for side in sides:
        left = 0.0
        while left < side.length_m - 1.5:
            width = min(float(rng.uniform(2.6, 7.0)), side.length_m - left)
            _fill(built, side, left, width, rng)
            left += width
    return built


def _fill(built: Town, side: _Side, left: float, width: float, rng: np.random.Generator) -> None:
    """One stretch of a row: a house, or a wall with trees behind it."""
    near = float(rng.uniform(0, 0.9))
    if rng.random() < 0.16:
        panels, height, label = _wall(width, rng), 2.4, "wall"
    else:
        name = f"front{len(built.textures)}"
        height, label = float(rng.uniform(3.2, 7.6)), "house"
        built.textures[name] = front(width, height, rng)
        panels = _house(width, height, name, rng)
    built.panels.extend(place(place(panels, left, near), side.x, side.y, turn_deg=side.turn_deg))
    built.footprints.append(Footprint(label, side.corners(left, width, near, DEPTH_M), height))


def _house(width: float, height: float, texture: str, rng: np.random.Generator) -> list[Panel]:
    wall, shade = str(rng.choice(WALLS)), tint(rng)
    parts = box((0, 0, 0), (width, DEPTH_M, height), wall, 2.0, tint=shade)
    parts[0] = upright(0, 0, 0, width, height, "s", texture)
    parts += _roof(width, height, wall, rng)
    if rng.random() < 0.35:  # an awning over the ground floor
        cloth, wide = str(rng.choice(AWNINGS)), float(rng.uniform(0.5, 0.95)) * width
        start = (width - wide) * rng.random()
        slope = Panel((start, -1.1, 1.95), (wide, 0, 0), (0, 1.05, 0.5), cloth, repeat=(wide / 2, 1), two_sided=True)
        parts.append(slope)
    if rng.random() < 0.25:  # a hanging sign
        at = float(rng.uniform(0.3, width - 0.3))
        sign = str(rng.choice(["hotel_sign", "bakery_sign", "exit_sign", "menu"]))
        parts.append(upright(at, -0.9, 2.6, 0.85, 0.6, "e", sign, two_sided=True, tint=tint(rng)))
    if rng.random() < 0.25 and height > 5:  # a balcony
        at, wide = float(rng.uniform(0.2, max(0.25, width - 2.2))), min(1.9, width - 0.4)
        parts += box((at, -0.8, 2.74), (at + wide, 0, 2.86), "white_plaster", bottom=True, tint=shade)
        parts.append(upright(at, -0.78, 2.86, wide, 0.85, "s", "fence", repeat=(wide, 1), two_sided=True))
    if rng.random() < 0.2:
        parts.append(upright(0.1, -0.04, 0.2, min(3.0, width - 0.2), min(2.6, height - 0.4), "s", "ivy"))
    if rng.random() < 0.15:
        parts += place([upright(-0.8, -0.05, 0, 1.6, 1.6, "s", "clock")], width / 2, 0, min(height - 1.7, 4.3))
    for x in (0, width - 0.22) if rng.random() < 0.3 else ():  # stone corners
        parts += box((x, -0.12, 0), (x + 0.22, 0, height), "sandstone", 2.0, tint=shade)
    return parts


def _roof(width: float, height: float, wall: str, rng: np.random.Generator) -> list[Panel]:
    kind, tiles = rng.choice(["along", "across", "flat", "pyramid"], p=[0.45, 0.3, 0.15, 0.1]), str(rng.choice(ROOFS))
    rise, out = float(rng.uniform(1.2, 2.6)), 0.3
    if kind == "along":
        parts = gable_roof((-out, -out, height), (width + out, DEPTH_M + out, height + rise), tiles, wall)
        if rng.random() < 0.5 and width > 3:
            x = float(rng.uniform(1, width - 1))
            parts += box((x - 0.5, 0.25, height + 0.1), (x + 0.5, 1.5, height + 1.0), "white_plaster", tint=tint(rng))
            parts += gable_roof((x - 0.6, 0.1, height + 1), (x + 0.6, 1.7, height + 1.4), tiles, wall, "y")
        return parts
    if kind == "across":
        return gable_roof((-out, -out, height), (width + out, DEPTH_M + out, height + rise), tiles, wall, "y")
    if kind == "pyramid":
        radius = width / 2 * 1.42
        point = lathe([(radius, height), (0.0, height + 1.4 * rise)], tiles, 4, (8, 2))
        return place(point, width / 2, DEPTH_M / 2, turn_deg=45)
    return box(
        (-0.15, -0.15, height), (width + 0.15, DEPTH_M, height + 0.25), "grey_stone", bottom=True, tint=tint(rng)
    )


def _wall(width: float, rng: np.random.Generator) -> list[Panel]:
    """A garden wall or a hedge, and trees behind it."""
    material = str(rng.choice([*WALLS, "hedge"]))
    parts = box((0, 0, 0), (width, 0.4, float(rng.uniform(1.2, 2.4))), material, 2.0, tint=tint(rng))
    if rng.random() < 0.5 and width > 1.6:
        parts.append(upright(0.2, -0.04, 0, 1.3, 2.0, "s", "garden_door", tint=tint(rng)))
    for _ in range(int(rng.integers(1, 3))):
        crown = tree(str(rng.choice(LEAVES)), float(rng.uniform(1.6, 2.4)), float(rng.uniform(1, 1.6)), 1.1, 22, 7)
        parts += place(crown, float(rng.uniform(0, width)), float(rng.uniform(1.5, 3.5)))
    return parts
