"""The floor of a court of the family: a paving, patches of other stones, lawns, and painted marks."""

import numpy as np
from PIL import Image

from posenet_lib.scenes.practice_court import materials
from posenet_lib.scenes.practice_court.canvas import TEXELS_PER_M
from posenet_lib.scenes.practice_court.ground import HIGH_M, LOW_M, FloorCanvas, floor_mask
from posenet_lib.scenes.practice_court.town.palette import strong_paint, wall_paint


def floor(rng: np.random.Generator) -> Image.Image:
    """The painted floor, as large as that of PracticeCourt."""
    wide, high = round((HIGH_M[0] - LOW_M[0]) * TEXELS_PER_M), round((HIGH_M[1] - LOW_M[1]) * TEXELS_PER_M)
    image = Image.fromarray(_paving(high, wide, rng))
    for _ in range(int(rng.integers(3, 7))):
        material = materials.grass(high, wide, rng) if rng.random() < 0.35 else _paving(high, wide, rng)
        shape = _shape(rng)
        image.paste(Image.fromarray(material), (0, 0), floor_mask((high, wide), shape))
    marks = FloorCanvas(HIGH_M[0] - LOW_M[0], HIGH_M[1] - LOW_M[1], (120, 110, 100, 0))
    for _ in range(int(rng.integers(4, 10))):
        _mark(marks, rng)
    painted = marks.finished()
    image.paste(painted, (0, 0), painted.getchannel("A"))
    return materials.weather(image.convert("RGBA"), rng, 7).convert("RGB")


def _paving(high: int, wide: int, rng: np.random.Generator) -> np.ndarray:
    paint = wall_paint(rng)
    joint = tuple(int(0.7 * c) for c in paint)
    kind = rng.choice(["slabs", "bricks", "cobbles", "plain"])
    if kind == "cobbles":
        return materials.cobbles(high, wide, paint, rng)
    if kind == "plain":
        return materials.plaster(high, wide, paint, rng, 8)
    block = (int(rng.integers(26, 50)), int(rng.integers(36, 70))) if kind == "slabs" else (9, 19)
    return materials.blocks(high, wide, block, paint, joint, rng, 1, 9)


def _shape(rng: np.random.Generator):
    """A function that paints one patch in white: a lane, a rectangle, a disc or a ring."""
    white, black = (255, 255, 255), (0, 0, 0)
    x, y, size = rng.uniform(-9, 8), rng.uniform(-7, 6), rng.uniform(1.2, 3.2)
    kind = rng.choice(["lane", "cross lane", "rectangle", "disc", "ring"])
    wide, deep = rng.uniform(1.5, 6), rng.uniform(1.5, 5)

    def paint(c: FloorCanvas) -> None:
        if kind == "lane":
            c.rect(-13, y, 26, size / 2, white)
        elif kind == "cross lane":
            c.rect(x, -10, size / 2, 20, white)
        elif kind == "rectangle":
            c.rect(x, y, wide, deep, white)
        else:
            c.disc(x, y, size, white)
            if kind == "ring":
                c.disc(x, y, 0.7 * size, black)

    return paint


def _mark(c: FloorCanvas, rng: np.random.Generator) -> None:
    x, y, size = rng.uniform(-8, 8), rng.uniform(-6, 5), rng.uniform(0.25, 0.9)
    paint = (*strong_paint(rng), 255)
    kind = rng.choice(["disc", "star", "cover", "square"])
    if kind == "disc":
        c.disc(x, y, size, paint)
    elif kind == "star":
        angles = np.arange(10) * np.pi / 5
        c.polygon(
            [(x + r * np.cos(a), y + r * np.sin(a)) for a, r in zip(angles, [size, 0.4 * size] * 5, strict=True)], paint
        )
    elif kind == "cover":
        c.disc(x, y, 0.36, (70, 70, 72, 255))
        for k in range(-2, 3):
            c.rect(x - 0.25, y + 0.1 * k - 0.02, 0.5, 0.035, (36, 36, 38, 255))
    else:
        corners = [(x, y), (x + size, y), (x + size, y + size), (x, y + size), (x, y)]
        c.line(corners, 0.06, paint)
