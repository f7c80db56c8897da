"""Textures with holes: fences, bicycles, the archway, hills on the horizon, jets of water. RGBA images."""

import numpy as np
from PIL import Image, ImageDraw

from posenet_lib.scenes.practice_court import materials
from posenet_lib.scenes.practice_court.canvas import Canvas
from posenet_lib.scenes.practice_court.foliage import flowers, ivy, leaf_cluster


def _bicycle(paint) -> Image.Image:
    """1.75 x 1.05 m, seen from the side."""
    c = Canvas(1.75, 1.05, (90, 90, 90, 0))
    black, steel = (28, 28, 30), (150, 152, 156)
    for x in (0.36, 1.38):
        for radius, colour in ((0.345, black), (0.30, (0, 0, 0, 0))):
            c.disc(x, 0.35, radius, colour)
        for k in range(8):
            angle = np.pi * k / 8
            dx, dz = 0.31 * np.cos(angle), 0.31 * np.sin(angle)
            c.line([(x - dx, 0.35 - dz), (x + dx, 0.35 + dz)], 0.012, steel)
        c.disc(x, 0.35, 0.05, black)
    for points in (
        [(0.36, 0.35), (0.78, 0.33), (1.2, 0.78), (0.66, 0.8), (0.78, 0.33)],
        [(0.36, 0.35), (0.66, 0.8)],
        [(1.38, 0.35), (1.17, 0.9)],
    ):
        c.line(points, 0.055, paint)
    c.line([(0.62, 0.94), (0.66, 0.8)], 0.04, steel)
    c.rect(0.48, 0.92, 0.3, 0.06, black)
    c.line([(1.17, 0.9), (1.14, 0.99), (1.3, 1.0)], 0.05, black)
    c.disc(0.78, 0.33, 0.09, black)
    c.rect(1.28, 0.68, 0.34, 0.22, (170, 122, 70))
    return c.finished()


def _fence() -> Image.Image:
    c = Canvas(1.0, 1.0, (40, 42, 44, 0))
    for k in range(8):
        c.rect(0.045 + 0.125 * k, 0, 0.035, 0.97, (36, 40, 42))
    for z in (0.06, 0.5, 0.88):
        c.rect(0, z, 1, 0.05, (36, 40, 42))
    return c.finished()


def _archway(rng: np.random.Generator) -> Image.Image:
    """Stone wall with an open arch and a lantern, 4 x 3.6 m."""
    c = Canvas(4, 3.6, materials.blocks(230, 256, (16, 34), (176, 168, 158), (116, 110, 102), rng, 2, 13))
    for k in range(11):  # the ring of arch stones
        angle, shade = np.pi * (k + 0.5) / 11, int(rng.integers(-12, 12))
        ring = [
            (2 + r * np.cos(angle + d), 1.7 + r * np.sin(angle + d))
            for r, d in ((1.1, -0.125), (1.5, -0.125), (1.5, 0.125), (1.1, 0.125))
        ]
        c.polygon(ring, (212 + shade, 202 + shade, 180 + shade))
    c.rect(0.62, 0, 0.3, 1.7, (206, 196, 174))
    c.rect(3.08, 0, 0.3, 1.7, (206, 196, 174))
    c.rect(0, 3.42, 4, 0.18, (204, 196, 180))
    c.polygon([(1.75, 3.3), (2.25, 3.3), (2.25, 2.95), (2, 2.75), (1.75, 2.95)], (170, 40, 44))
    c.text(2, 3.08, 0.2, "P", (246, 214, 110))
    image = materials.weather(c.finished(), rng, 8)
    hole = Canvas(4, 3.6, (255, 255, 255, 255))
    hole.arch(0.92, -0.1, 2.16, 2.88, (0, 0, 0, 0))
    image.putalpha(hole.finished().getchannel("A"))
    return image


def hills(rng: np.random.Generator) -> Image.Image:
    """Round horizon: blue hills, woods, roofs and a church; 2048 x 160 texels, tiling."""
    width, height = 2048, 160
    image = Image.new("RGBA", (width, height), (150, 172, 190, 0))
    draw = ImageDraw.Draw(image)
    for colour, base, swing, cell in (
        ((142, 166, 192), 92, 34, 300),
        ((112, 142, 150), 66, 22, 170),
        ((92, 124, 96), 42, 16, 40),
    ):
        ridge = (
            base
            + swing * materials.smooth_noise(4, width, cell, rng)[0]
            + 3 * materials.smooth_noise(4, width, 6, rng)[0]
        )
        for x in range(width):
            draw.line([(x, height), (x, height - ridge[x])], fill=(*colour, 255))
    x = 0.0
    while x < width - 40:
        wide, tall = rng.uniform(22, 52), rng.uniform(24, 42)
        wall = tuple(int(c) for c in np.array([206, 186, 160]) + rng.normal(0, 16, 3))
        roof = tuple(int(c) for c in np.array([150, 88, 70]) + rng.normal(0, 18, 3))
        draw.rectangle([x, height - tall, x + wide, height], fill=(*wall, 255))
        draw.polygon(
            [(x - 3, height - tall), (x + wide / 2, height - tall - wide * 0.36), (x + wide + 3, height - tall)],
            fill=(*roof, 255),
        )
        for k in range(int(wide // 10)):
            draw.rectangle(
                [x + 4 + 10 * k, height - tall + 8, x + 8 + 10 * k, height - tall + 15], fill=(84, 88, 96, 255)
            )
        x += wide + rng.uniform(0, 26)
    for x in (420, 1310):
        draw.rectangle([x, height - 84, x + 17, height], fill=(188, 178, 164, 255))
        draw.polygon([(x - 2, height - 84), (x + 8, height - 136), (x + 19, height - 84)], fill=(92, 104, 112, 255))
    return image


def _jets(rng: np.random.Generator) -> Image.Image:
    c = Canvas(1.6, 1.0, (226, 238, 246, 0))
    for k in range(-5, 6):
        steps = np.linspace(0, 1, 14)
        arc = [(0.8 + 0.14 * k * s, 0.82 + 0.34 * s - (0.42 + 0.018 * k * k + 0.62) * s * s) for s in steps]
        c.line(arc, 0.022, (228, 240, 248, 255))
    return c.finished()


def cutouts(rng: np.random.Generator) -> dict[str, Image.Image]:
    """All textures with holes by name."""
    return {
        "leaves_linden": leaf_cluster(128, 300, [(92, 134, 50), (116, 156, 62), (74, 116, 46)], (0.055, 0.03), rng),
        "leaves_birch": leaf_cluster(128, 260, [(164, 172, 66), (188, 186, 80), (132, 154, 60)], (0.045, 0.026), rng),
        "leaves_maple": leaf_cluster(128, 240, [(170, 54, 38), (196, 82, 42), (140, 38, 40)], (0.065, 0.045), rng),
        "leaves_dark": leaf_cluster(128, 420, [(46, 84, 50), (60, 100, 56), (38, 70, 46)], (0.05, 0.014), rng),
        "hedge": leaf_cluster(128, 2200, [(64, 102, 48), (84, 124, 56), (52, 88, 44)], (0.035, 0.02), rng, 0.75),
        "ivy": ivy(rng),
        "flowers_red": flowers([(214, 40, 50), (240, 90, 80)], rng),
        "flowers_yellow": flowers([(250, 200, 40), (250, 160, 40)], rng),
        "flowers_violet": flowers([(146, 84, 190), (236, 160, 210), (250, 250, 250)], rng),
        "bicycle_red": _bicycle((200, 40, 44)),
        "bicycle_blue": _bicycle((40, 96, 180)),
        "fence": _fence(),
        "archway": _archway(rng),
        "hills": hills(rng),
        "jets": _jets(rng),
    }  # fmt: skip
