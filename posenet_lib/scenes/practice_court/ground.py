"""The court's floor: paving, lawns with kerbs, a round of cobbles, an inlaid compass, a hopscotch, drain covers."""

import numpy as np
from PIL import Image

from posenet_lib.scenes.practice_court import materials
from posenet_lib.scenes.practice_court.canvas import TEXELS_PER_M, Canvas

LOW_M, HIGH_M = (-13.0, -10.0), (13.0, 10.0)  # corners of the painted floor in the world


class FloorCanvas(Canvas):
    """A canvas in the world's x and y."""

    def _at(self, x: float, z: float) -> tuple[float, float]:
        return super()._at(x - LOW_M[0], z - LOW_M[1])


def floor_mask(shape: tuple[int, int], paint) -> Image.Image:
    """A mask of the floor, painted by a function that gets a white-on-black canvas."""
    canvas = FloorCanvas(HIGH_M[0] - LOW_M[0], HIGH_M[1] - LOW_M[1], (0, 0, 0))
    paint(canvas)
    return canvas.finished().convert("L").resize((shape[1], shape[0]))


def _lawns(c: Canvas) -> None:
    c.rect(-8.6, 0.4, 5.2, 3.6, (255, 255, 255))
    c.disc(-3.4, 2.2, 1.8, (255, 255, 255))
    c.rect(4.2, -5.6, 4.6, 3.4, (255, 255, 255))
    c.disc(4.2, -3.9, 1.7, (255, 255, 255))


def ground(rng: np.random.Generator) -> dict[str, Image.Image | np.ndarray]:
    """Floor textures: the painted court, and plain paving for outside."""
    wide, high = round((HIGH_M[0] - LOW_M[0]) * TEXELS_PER_M), round((HIGH_M[1] - LOW_M[1]) * TEXELS_PER_M)
    slabs = materials.blocks(high, wide, (38, 58), (170, 162, 148), (116, 108, 98), rng, 1, 8)
    floor = Image.fromarray(slabs)

    def lay(material: np.ndarray, paint) -> None:
        floor.paste(Image.fromarray(material), (0, 0), floor_mask((high, wide), paint))

    white = (255, 255, 255)
    lay(
        materials.cobbles(high, wide, (142, 132, 122), rng),
        lambda c: (c.rect(-13, 4.9, 26, 5.1, white), c.rect(9.4, -10, 4, 20, white)),
    )

    def red_bricks(c: Canvas) -> None:
        c.disc(1.0, 0.6, 2.5, white)
        c.disc(1.0, 0.6, 1.95, (0, 0, 0))
        c.rect(-2.85, -9, 1.5, 15, white)
        c.rect(-1.4, 4.1, 12, 0.8, white)

    lay(materials.blocks(high, wide, (9, 19), (176, 104, 78), (120, 92, 76), rng, 1, 12), red_bricks)
    kerb = materials.plaster(high, wide, (206, 200, 188), rng)

    def lawn_rim(c: Canvas) -> None:
        c.rect(-8.75, 0.25, 5.35, 3.9, white)
        c.disc(-3.4, 2.2, 1.95, white)
        c.rect(4.2, -5.75, 4.75, 3.7, white)
        c.disc(4.2, -3.9, 1.85, white)

    lay(kerb, lawn_rim)
    lay(materials.grass(high, wide, rng), _lawns)
    lay(
        materials.plaster(high, wide, (88, 66, 48), rng, 14),
        lambda c: (c.disc(-4.8, 1.6, 0.75, white), c.disc(5.2, -4.6, 0.55, white)),
    )

    def paint(c: Canvas) -> None:
        """Marks with their own colours, so that parts of the floor are told apart when one looks down."""
        for k in range(8):  # inlaid compass
            angle, length = np.pi * k / 4, 0.95 if k % 2 == 0 else 0.6
            tip = (-4.6 + length * np.cos(angle), -3.2 + length * np.sin(angle))
            for turn, shade in ((0.35, (150, 46, 40, 255)), (-0.35, (60, 60, 76, 255))):
                c.polygon(
                    [(-4.6, -3.2), tip, (-4.6 + 0.3 * np.cos(angle + turn), -3.2 + 0.3 * np.sin(angle + turn))], shade
                )
        for row, cells in enumerate((1, 1, 2, 1, 2, 1)):  # hopscotch in chalk
            for k in range(cells):
                x = 1.6 + 0.45 * (k - (cells - 1) / 2)
                y = -4.6 + 0.45 * row
                corners = [(x - 0.22, y), (x + 0.22, y), (x + 0.22, y + 0.44), (x - 0.22, y + 0.44), (x - 0.22, y)]
                c.line(corners, 0.045, ((250, 250, 240, 255), (250, 190, 200, 255), (170, 220, 250, 255))[row % 3])
        for x, y in ((3.3, 2.9), (-6.2, -1.3), (6.8, -1.2)):  # drain covers
            c.disc(x, y, 0.36, (70, 70, 72, 255))
            for k in range(-2, 3):
                c.rect(x - 0.25, y + 0.1 * k - 0.02, 0.5, 0.035, (36, 36, 38, 255))

    marks = FloorCanvas(HIGH_M[0] - LOW_M[0], HIGH_M[1] - LOW_M[1], (120, 110, 100, 0))
    paint(marks)
    image = marks.finished()
    floor.paste(image, (0, 0), image.getchannel("A"))
    floor = materials.weather(floor.convert("RGBA"), rng, 7).convert("RGB")
    return {
        "court_floor": floor,
        "paving": materials.blocks(128, 128, (32, 64), (182, 174, 158), (130, 122, 108), rng, 1, 8),
        "meadow": materials.grass(192, 192, rng),
    }
