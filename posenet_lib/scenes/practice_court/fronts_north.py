"""The painted fronts of the north side: museum, clock tower, café, and the lane behind the archway."""

import numpy as np
from PIL import Image

from posenet_lib.scenes.practice_court import materials
from posenet_lib.scenes.practice_court.canvas import Canvas, texels


def hall(rng: np.random.Generator) -> Image.Image:
    """Museum: dark red brick, three arched windows, a teal arched door; 7.3 x 4.4 m."""
    wall = Canvas(7.3, 4.4, materials.blocks(*texels(7.3, 4.4), (7, 18), (150, 70, 52), (186, 168, 148), rng))
    wall.rect(0, 0, 7.3, 0.45, (168, 158, 142))
    wall.rect(0, 3.55, 7.3, 0.1, (214, 200, 172))
    wall.rect(0, 4.2, 7.3, 0.2, (222, 208, 180))
    for x, glass in ((0.55, (46, 64, 88)), (2.2, (70, 92, 98)), (3.85, (48, 52, 70))):
        wall.arched_window(x, 0.95, 1.1, 2.3, glass=glass, surround=(222, 206, 172))
    wall.arch(5.52, 0, 1.5, 2.75, (226, 210, 176))
    wall.arch(5.67, 0, 1.2, 2.6, (18, 118, 120))
    for k in range(5):
        wall.rect(5.75 + 0.22 * k, 0.1, 0.03, 1.85, (8, 78, 82))
    wall.rect(6.25, 0, 0.04, 2.55, (8, 60, 64))
    wall.disc(6.16, 1.05, 0.05, (232, 190, 70))
    wall.disc(6.38, 1.05, 0.05, (232, 190, 70))
    wall.rect(0.6, 3.68, 4.2, 0.48, (52, 44, 40))
    wall.text(2.7, 3.92, 0.36, "CITY  MUSEUM", (240, 214, 150))
    wall.disc(6.27, 3.45, 0.36, (226, 210, 176))
    wall.disc(6.27, 3.45, 0.28, (58, 70, 96))
    wall.line([(6.27, 3.17), (6.27, 3.73)], 0.04, (240, 232, 214))
    wall.line([(5.99, 3.45), (6.55, 3.45)], 0.04, (240, 232, 214))
    return materials.weather(wall.finished(), rng)


def tower(rng: np.random.Generator) -> Image.Image:
    """Clock tower: sandstone blocks, corner stones, slit windows; 3 x 7.6 m (the clock is a panel of its own)."""
    wall = Canvas(3.0, 7.6, materials.blocks(*texels(3, 7.6), (20, 38), (212, 184, 132), (170, 142, 100), rng, 1, 9))
    for k in range(19):
        wall.rect(0, 0.4 * k, 0.45 if k % 2 else 0.3, 0.36, (228, 208, 164))
        wall.rect(2.55 if k % 2 else 2.7, 0.4 * k, 0.45, 0.36, (228, 208, 164))
    wall.rect(0, 0, 3, 0.5, (160, 140, 108))
    wall.arched_window(1.25, 3.1, 0.5, 1.15, glass=(60, 70, 84), surround=(236, 220, 180), spokes=2)
    wall.arch(0.82, 0, 1.36, 2.55, (240, 224, 184))
    wall.arch(0.98, 0, 1.04, 2.38, (46, 62, 140))
    for k in range(4):
        wall.rect(1.03 + 0.26 * k, 0.08, 0.16, 1.75, (66, 86, 172))
    wall.disc(1.86, 1.0, 0.05, (240, 200, 90))
    wall.text(1.5, 2.78, 0.24, "1887", (110, 84, 50))
    for x in (0.75, 1.3, 1.85):
        wall.arch(x, 6.35, 0.4, 0.9, (48, 42, 38))
        for k in range(5):
            wall.rect(x, 6.42 + 0.14 * k, 0.4, 0.05, (150, 128, 96))
    return materials.weather(wall.finished(), rng, 8)


def cafe(rng: np.random.Generator) -> Image.Image:
    """White rendered house with green shutters, red door, lettering; 7.4 x 4.9 m."""
    wall = Canvas(7.4, 4.9, materials.plaster(*texels(7.4, 4.9), (238, 232, 218), rng, 4))
    wall.rect(0, 0, 7.4, 0.5, (150, 158, 160))
    wall.rect(0, 2.72, 7.4, 0.1, (214, 204, 184))
    green = (46, 112, 72)
    for x, curtain in ((0.75, (232, 214, 190)), (5.75, (190, 90, 80))):
        wall.window(x, 3.2, 0.85, 1.25, shutters=green, curtain=curtain, glass=(62, 78, 96))
    wall.window(2.85, 2.85, 0.8, 1.75, bars=(2, 4), shutters=green, glass=(48, 60, 74))
    wall.rect(4.05, 2.92, 1.2, 1.55, (236, 226, 204))
    wall.disc(4.65, 3.75, 0.5, (244, 190, 66))
    wall.disc(4.82, 3.85, 0.42, (236, 226, 204))
    wall.text(4.6, 3.05, 0.2, "since 1921", (96, 70, 50), 0.03)
    wall.window(0.55, 0.75, 1.5, 1.4, bars=(3, 2), surround=(196, 60, 48), glass=(70, 58, 46), curtain=(240, 226, 200))
    wall.door(2.65, 0, 1.05, 2.25, (178, 34, 38), (236, 226, 210))
    wall.window(4.35, 0.75, 2.5, 1.4, bars=(4, 1), surround=(46, 112, 72), glass=(84, 70, 52))
    for k in range(5):
        wall.disc(4.75 + 0.42 * k, 1.62, 0.09, (255, 214, 130))
    wall.text(2.1, 2.5, 0.36, "CAFE  LUNA", (160, 30, 34), 0.07)
    return materials.weather(wall.finished(), rng, 6)


def street(rng: np.random.Generator) -> Image.Image:
    """What is seen through the archway: a lane of distant houses; 9 x 5 m."""
    view = Canvas(9, 5, materials.plaster(*texels(9, 5), (196, 172, 146), rng, 6))
    for k, paint in enumerate(((188, 120, 96), (226, 206, 168), (150, 166, 176), (214, 178, 120), (176, 140, 130))):
        view.rect(1.8 * k, 0, 1.8, 5, paint)
        for column in range(2):
            for z in (0.9, 2.3, 3.6):
                view.window(1.8 * k + 0.25 + 0.8 * column, z, 0.45, 0.75, bars=(2, 2))
    return materials.weather(view.finished(), rng, 8)
