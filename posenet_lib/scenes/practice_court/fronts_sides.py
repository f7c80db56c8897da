"""The painted fronts of the other sides: book shop, bakery, hotel, and the south's plain houses."""

import numpy as np
from PIL import Image

from posenet_lib.scenes.practice_court import materials
from posenet_lib.scenes.practice_court.canvas import Canvas, texels


def shop(rng: np.random.Generator) -> Image.Image:
    """Glass and steel front with reflections and a display behind it; 6.5 x 4.2 m."""
    high, wide = texels(6.5, 4.2)
    sky = np.linspace(0, 1, high)[:, None, None] * np.array([-96, -84, -70]) + np.array([168, 196, 216])
    glass = sky + materials.fractal_noise(high, wide, 90, rng)[..., None] * 20
    wall = Canvas(6.5, 4.2, np.clip(glass, 0, 255).astype(np.uint8))
    wall.polygon(
        [(0, 2.7), (0, 3.6), (1.1, 3.9), (1.6, 3.3), (2.9, 3.3), (3.6, 4.0), (4.4, 3.2), (6.5, 3.5), (6.5, 2.7)],
        (92, 104, 112),
    )
    wall.rect(0, 0, 6.5, 2.3, (58, 70, 74))
    covers = [
        (214, 66, 52),
        (240, 178, 60),
        (62, 132, 168),
        (236, 230, 214),
        (92, 150, 90),
        (150, 88, 140),
        (230, 120, 70),
    ]
    for shelf in range(4):
        z = 0.25 + 0.5 * shelf
        wall.rect(0.2, z - 0.05, 4.3, 0.05, (190, 170, 140))
        x = 0.25
        while x < 4.35:
            width, height = rng.uniform(0.05, 0.16), rng.uniform(0.22, 0.4)
            wall.rect(x, z, width, height, covers[rng.integers(len(covers))])
            x += width + (0.0 if rng.random() < 0.8 else 0.15)
    wall.rect(4.75, 0, 1.3, 2.25, (196, 214, 218))
    wall.rect(4.82, 0.06, 1.16, 2.12, (72, 92, 100))
    wall.rect(4.95, 0.95, 0.06, 0.5, (240, 240, 236))
    wall.text(5.42, 1.75, 0.2, "OPEN", (250, 236, 120))
    for x in (0, 1.55, 3.1, 4.6, 6.36):
        wall.rect(x, 0, 0.14, 4.2, (52, 56, 62))
    for z in (0, 2.28, 3.24, 4.06):
        wall.rect(0, z, 6.5, 0.14, (52, 56, 62))
    wall.rect(0, 2.42, 6.5, 0.7, (232, 106, 30))
    wall.text(2.9, 2.77, 0.46, "BOOKS & MAPS", (255, 250, 236))
    return wall.finished()


def bakery(rng: np.random.Generator) -> Image.Image:
    """Half-timbered house: cream fields, dark beams, geraniums; 6.6 x 4.6 m."""
    wall = Canvas(6.6, 4.6, materials.plaster(*texels(6.6, 4.6), (232, 214, 170), rng, 6))
    beam = (84, 54, 36)
    wall.rect(0, 0, 6.6, 2.2, (204, 172, 128))
    wall.rect(0, 0, 6.6, 0.6, (136, 124, 112))
    for z in (2.2, 3.2, 4.4):
        wall.rect(0, z, 6.6, 0.2, beam)
    for x in (0, 1.25, 2.55, 3.85, 5.15, 6.4):
        wall.rect(x, 2.2, 0.2, 2.4, beam)
    for x, flip in ((0.2, False), (1.45, True), (4.05, False), (5.35, True)):
        wall.line([(x, 2.4), (x + 1.05, 3.2)][::1] if not flip else [(x, 3.2), (x + 1.05, 2.4)], 0.17, beam)
    for x, z in ((0.2, 3.4), (5.35, 3.4)):
        wall.line([(x, z), (x + 1.05, z + 1.0)], 0.15, beam)
        wall.line([(x, z + 1.0), (x + 1.05, z)], 0.15, beam)
    for x in (1.55, 2.85, 4.15):
        wall.window(x, 3.42, 0.9, 0.92, bars=(2, 2), frame=(250, 246, 236), glass=(58, 62, 66), surround=beam)
    wall.window(0.5, 0.85, 1.9, 1.15, bars=(3, 1), frame=(122, 74, 44), glass=(102, 78, 48))
    for k in range(6):
        wall.disc(0.75 + 0.28 * k, 1.1, 0.12, (206, 142, 66))
    wall.door(3.0, 0, 1.0, 2.05, (116, 72, 40), beam)
    wall.window(5.05, 0.95, 0.9, 1.0, bars=(3, 2), frame=(122, 74, 44), glass=(70, 72, 72), shutters=(160, 60, 40))
    return materials.weather(wall.finished(), rng, 7)


def hotel(rng: np.random.Generator) -> Image.Image:
    """Yellow townhouse with blue shutters and a vertical sign; 6.5 x 5.2 m."""
    wall = Canvas(6.5, 5.2, materials.plaster(*texels(6.5, 5.2), (228, 176, 84), rng, 6))
    wall.rect(0, 0, 6.5, 0.55, (176, 150, 118))
    wall.rect(0, 2.65, 6.5, 0.12, (246, 232, 200))
    wall.rect(0, 5.0, 6.5, 0.2, (246, 232, 200))
    blue = (58, 104, 160)
    for k, x in enumerate((0.75, 2.75, 4.75)):
        wall.window(
            x,
            3.2,
            0.9,
            1.4,
            shutters=blue,
            surround=(246, 232, 200),
            curtain=((236, 236, 230), None, (206, 120, 96))[k],
        )
    wall.arched_window(0.7, 0.8, 1.05, 1.5, glass=(66, 60, 58), surround=(246, 232, 200))
    wall.arched_window(4.75, 0.8, 1.05, 1.5, glass=(60, 76, 90), surround=(246, 232, 200))
    wall.door(2.7, 0, 1.15, 2.3, blue, (246, 232, 200))
    wall.rect(2.3, 4.72, 1.9, 0.28, (246, 240, 224))
    wall.text(3.25, 4.86, 0.2, "HOTEL", (160, 40, 40))
    return materials.weather(wall.finished(), rng, 8)


def row_house(rng: np.random.Generator) -> Image.Image:
    """The plainer south side: three narrow houses, rose, grey-blue and mint; 12 x 4.6 m."""
    wall = Canvas(12, 4.6, materials.plaster(*texels(12, 4.6), (206, 140, 124), rng, 5))
    wall.rect(4, 0, 4, 4.6, (128, 148, 166))
    wall.rect(8, 0, 4, 4.6, (158, 190, 160))
    for k, (door, frame) in enumerate(
        (((90, 50, 60), (250, 240, 230)), ((210, 170, 60), (40, 50, 60)), ((60, 80, 70), (250, 250, 240)))
    ):
        x = 4 * k
        wall.rect(x, 0, 4, 0.4, (120, 114, 110))
        wall.door(x + (0.5, 2.5, 1.5)[k], 0, 1.0, 2.2, door, frame)
        for column in range(2 + (k == 2)):
            wall.window(
                x + 0.6 + column * (2.0, 1.9, 1.15)[k], 2.9, 0.8, 1.2, frame=frame, bars=((2, 3), (1, 2), (2, 2))[k]
            )
        wall.window(x + (2.1, 0.6, 0.3)[k], 0.9, (1.3, 1.2, 0.8)[k], 1.2, frame=frame)
    return materials.weather(wall.finished(), rng, 8)
