"""Painted house fronts by chance: a wall, a row of windows for each floor, doors, shop windows, boards and bands."""

import numpy as np
from PIL import Image

from posenet_lib.scenes.practice_court import materials
from posenet_lib.scenes.practice_court.canvas import Canvas, texels
from posenet_lib.scenes.practice_court.town.palette import dark_paint, pale_paint, strong_paint, wall_paint

FLOOR_M = 2.7  # from one floor to the next
WORDS = (
    "BANK", "BAR", "BIKES", "BOOKS", "BREAD", "CAFE", "CHEESE", "CINEMA", "CLOCKS", "COFFEE", "DENTIST", "FISH",
    "FLOWERS", "FRUIT", "GALLERY", "GIFTS", "GRILL", "HATS", "HOTEL", "INN", "KEYS", "LIBRARY", "MARKET", "MUSIC",
    "OFFICE", "OPTICIAN", "PAPER", "PARK", "PHARMACY", "PIANO", "PIZZA", "POST", "RADIO", "SCHOOL", "SHOES", "SOAP",
    "STUDIO", "TAILOR", "TEA", "THEATRE", "TOYS", "TRAVEL", "WINE", "YOGA", "ZOO",
)  # fmt: skip


def wall_material(height: int, width: int, rng: np.random.Generator) -> np.ndarray:
    """Plaster, brick, stone or boards in a colour of its own, (height, width, 3) uint8."""
    paint = wall_paint(rng)
    joint = tuple(int(c * rng.uniform(0.6, 0.8)) for c in paint) if rng.random() < 0.6 else pale_paint(rng)
    kind = rng.choice(["plaster", "plaster", "brick", "stone", "boards"])
    if kind == "brick":
        return materials.blocks(height, width, (7, 18), paint, joint, rng)
    if kind == "stone":
        block = (int(rng.integers(16, 30)), int(rng.integers(26, 44)))
        return materials.blocks(height, width, block, paint, joint, rng, int(rng.integers(1, 3)), 10)
    if kind == "boards":
        return materials.planks(height, width, paint, rng, int(rng.integers(10, 22)))
    return materials.plaster(height, width, paint, rng, rng.uniform(3, 8))


def front(width_m: float, height_m: float, rng: np.random.Generator) -> Image.Image:
    """One house's front, `width_m` x `height_m`."""
    wall = Canvas(width_m, height_m, wall_material(*texels(width_m, height_m), rng))
    if rng.random() < 0.3:
        _timber(wall, width_m, height_m, rng)
    wall.rect(0, 0, width_m, rng.uniform(0.2, 0.7), tuple(int(0.75 * c) for c in wall_paint(rng)))
    floors = max(1, int(height_m / FLOOR_M))
    _ground_floor(wall, width_m, rng)
    band = pale_paint(rng)
    for floor in range(1, floors):
        low = FLOOR_M * floor
        if rng.random() < 0.6:
            wall.rect(0, low - 0.1, width_m, rng.uniform(0.08, 0.2), band)
        _windows(wall, width_m, low + 0.5, min(1.6, height_m - low - 0.9), rng)
    if rng.random() < 0.7:
        wall.rect(0, height_m - 0.22, width_m, 0.22, band)
    _decoration(wall, width_m, height_m, rng)
    return materials.weather(wall.finished(), rng, rng.uniform(4, 9))


def _windows(wall: Canvas, width_m: float, low: float, height: float, rng: np.random.Generator) -> None:
    """A row of windows of one style."""
    if height < 0.5:
        return
    spacing = rng.uniform(1.3, 2.4)
    count = max(1, int((width_m - 0.4) / spacing))
    wide = min(rng.uniform(0.55, 1.05), 0.5 * spacing)
    height = min(height, rng.uniform(0.9, 1.6))
    style = {"frame": pale_paint(rng), "glass": dark_paint(rng)}
    surround = wall_paint(rng) if rng.random() < 0.5 else None
    arched, shutters = rng.random() < 0.25, strong_paint(rng) if rng.random() < 0.4 else None
    bars = (int(rng.integers(1, 4)), int(rng.integers(1, 5)))
    for k in range(count):
        x = (width_m - spacing * count) / 2 + spacing * k + (spacing - wide) / 2
        if rng.random() < 0.08:
            continue  # a walled-up window tells one house from the next
        if arched:
            wall.arched_window(x, low, wide, height, surround=surround or pale_paint(rng), **style)
        else:
            curtain = pale_paint(rng) if rng.random() < 0.4 else None
            wall.window(x, low, wide, height, bars=bars, surround=surround, shutters=shutters, curtain=curtain, **style)


def _ground_floor(wall: Canvas, width_m: float, rng: np.random.Generator) -> None:
    """A door, and a shop's window with its board, or plain windows."""
    door_at = rng.uniform(0.3, max(0.31, width_m - 1.4))
    if rng.random() < 0.55 and width_m > 3:
        left, right = (0.4, door_at - 0.3) if door_at > width_m / 2 else (door_at + 1.3, width_m - 0.4)
        if right - left > 1.0:
            bars = (max(1, round((right - left) / 1.2)), int(rng.integers(1, 3)))
            wall.window(left, 0.6, right - left, 1.4, bars=bars, frame=strong_paint(rng), glass=dark_paint(rng))
            for _ in range(int(rng.integers(2, 9))):
                x, z = rng.uniform(left + 0.15, right - 0.15), rng.uniform(0.8, 1.7)
                wall.disc(x, z, rng.uniform(0.05, 0.16), strong_paint(rng))
        board, ink = strong_paint(rng), pale_paint(rng)
        wall.rect(0.3, 2.12, width_m - 0.6, 0.44, board)
        words = " ".join(rng.choice(WORDS, 1 if width_m < 4.5 else 2, replace=False))
        wall.text(width_m / 2, 2.34, min(0.32, (width_m - 0.8) / len(words) * 1.3), words, ink)
    else:
        _windows(wall, width_m, 0.8, 1.3, rng)
    high = rng.uniform(2.0, 2.3)
    if rng.random() < 0.3:
        wall.arch(door_at - 0.15, 0, 1.2, high + 0.2, pale_paint(rng))
        wall.arch(door_at, 0, 0.9, high, strong_paint(rng))
    else:
        wall.door(door_at, 0, rng.uniform(0.85, 1.05), high, strong_paint(rng), pale_paint(rng), rng.random() < 0.6)


def _timber(wall: Canvas, width_m: float, height_m: float, rng: np.random.Generator) -> None:
    """Beams over the upper floors."""
    beam, step = dark_paint(rng), rng.uniform(1.0, 1.6)
    for x in np.arange(0, width_m, step):
        wall.rect(x, FLOOR_M, 0.17, height_m - FLOOR_M, beam)
        if rng.random() < 0.4:
            ends = [(x, FLOOR_M), (x + step, min(height_m, FLOOR_M + 1.2))]
            wall.line(ends if rng.random() < 0.5 else [(ends[0][0], ends[1][1]), (ends[1][0], ends[0][1])], 0.15, beam)
    for z in (FLOOR_M - 0.05, height_m - 0.2):
        wall.rect(0, z, width_m, 0.2, beam)


def _decoration(wall: Canvas, width_m: float, height_m: float, rng: np.random.Generator) -> None:
    """What makes a house one's own: a round sign, a painted picture, stripes; or nothing."""
    kind = rng.choice(["nothing", "nothing", "disc", "picture", "stripes"])
    x, z = rng.uniform(0.6, max(0.7, width_m - 0.6)), rng.uniform(1.0, max(1.1, height_m - 0.6))
    if kind == "disc":
        for radius in (0.45, 0.36, 0.2):
            wall.disc(x, z, radius, strong_paint(rng))
    elif kind == "picture":
        wall.rect(x - 0.6, z - 0.5, 1.2, 1.0, pale_paint(rng))
        for _ in range(4):
            corners = [(x + rng.uniform(-0.55, 0.55), z + rng.uniform(-0.45, 0.45)) for _ in range(3)]
            wall.polygon(corners, strong_paint(rng))
    elif kind == "stripes":
        paint = strong_paint(rng)
        for k in range(int(rng.integers(2, 5))):
            wall.rect(0, z + 0.25 * k, width_m, 0.1, paint)
