"""Lettering and pictures: the tower's clock, the mural, awnings, posters, flags, bunting, hanging signs."""

import numpy as np
from PIL import Image

from posenet_lib.scenes.practice_court import materials
from posenet_lib.scenes.practice_court.canvas import Canvas

RED, CREAM, NAVY, TEAL, GOLD = (196, 44, 46), (248, 238, 214), (34, 52, 104), (20, 128, 128), (236, 178, 56)


def _clock() -> Image.Image:
    """Clock face on a transparent ground, 1.8 x 1.8 m, at ten past ten."""
    c = Canvas(1.8, 1.8, (60, 50, 40, 0))
    for radius, paint in ((0.88, (84, 62, 42)), (0.82, GOLD), (0.76, (246, 242, 230))):
        c.disc(0.9, 0.9, radius, paint)
    for hour in range(12):
        angle = np.pi * hour / 6
        inner, outer = (0.5 if hour % 3 == 0 else 0.58), 0.7
        c.line([(0.9 + r * np.sin(angle), 0.9 + r * np.cos(angle)) for r in (inner, outer)], 0.07, (30, 30, 40))
    for angle, length, width in ((np.radians(305), 0.42, 0.085), (np.radians(60), 0.62, 0.06)):
        c.line([(0.9, 0.9), (0.9 + length * np.sin(angle), 0.9 + length * np.cos(angle))], width, (24, 30, 60))
    c.disc(0.9, 0.9, 0.07, RED)
    return c.finished()


def _mural(rng: np.random.Generator) -> Image.Image:
    """Sunrise over the sea with a sail boat and a large fish, 4 x 2.4 m."""
    c = Canvas(4, 2.4, (250, 206, 120))
    for k, paint in enumerate(((250, 184, 96), (244, 150, 84), (232, 112, 84))):
        c.disc(1.2, 1.0, 1.55 - 0.36 * k, paint)
    c.disc(1.2, 1.0, 0.48, (255, 240, 170))
    for k, paint in enumerate(((40, 128, 168), (28, 104, 150), (20, 80, 126), (14, 60, 104))):
        top = 1.05 - 0.24 * k
        xs = np.linspace(0, 4, 80)
        wave = [(x, top + 0.07 * np.sin(3.2 * x + 1.7 * k)) for x in xs]
        c.polygon([(0, 0), *wave, (4, 0)], paint)
    c.polygon([(2.5, 0.98), (3.7, 0.98), (3.45, 0.72), (2.72, 0.72)], (150, 40, 46))
    c.polygon([(3.05, 1.02), (3.05, 2.2), (3.75, 1.08)], (252, 250, 240))
    c.polygon([(2.98, 1.02), (2.98, 2.0), (2.5, 1.1)], (226, 60, 60))
    c.polygon([(0.5, 0.4), (0.95, 0.62), (1.45, 0.4), (0.95, 0.18)], (255, 170, 60))
    c.polygon([(0.55, 0.4), (0.2, 0.6), (0.2, 0.2)], (255, 130, 60))
    c.disc(1.22, 0.44, 0.04, (20, 20, 30))
    for x, z in ((2.2, 2.05), (2.55, 1.85), (0.35, 2.1)):
        c.line([(x - 0.16, z + 0.07), (x, z), (x + 0.16, z + 0.07)], 0.04, (60, 50, 70))
    return materials.weather(c.finished(), rng, 6)


def _stripes(first, second, count: int = 8) -> Image.Image:
    c = Canvas(2, 1, first)
    for k in range(count // 2):
        c.rect(4 / count * k, 0, 2 / count, 1, second)
    return c.finished()


def _posters(rng: np.random.Generator) -> Image.Image:
    """The wrap of the advertising column: six posters, 3.6 x 2.2 m."""
    c = Canvas(3.6, 2.2, (222, 214, 196))
    grounds = [(214, 60, 50), (250, 200, 60), (44, 92, 150), (246, 244, 236), (70, 140, 96), (120, 60, 130)]
    words = ["JAZZ", "CIRCUS", "OPERA", "ZOO", "FLEA\nMARKET", "FILM"]
    for k, (ground, word) in enumerate(zip(grounds, words, strict=True)):
        x = 0.6 * k
        ink = (30, 30, 36) if sum(ground) > 420 else (252, 246, 230)
        c.rect(x + 0.03, 0.25, 0.54, 1.7, ground)
        c.text(x + 0.3, 1.72, 0.13, word, ink)
        if k % 3 == 0:
            c.disc(x + 0.3, 1.0, 0.2, GOLD)
            c.disc(x + 0.3, 1.0, 0.1, ground)
        elif k % 3 == 1:
            c.polygon([(x + 0.1, 0.7), (x + 0.3, 1.4), (x + 0.5, 0.7)], RED)
        else:
            for j in range(4):
                c.rect(x + 0.1 + 0.1 * j, 0.7, 0.06, 0.2 + 0.15 * ((j * 3) % 4), CREAM)
        c.text(x + 0.3, 0.42, 0.07, f"{k + 3} MAY", ink)
    return materials.weather(c.finished(), rng, 5)


def _flag(*bands) -> Image.Image:
    c = Canvas(1.2, 0.8, bands[0])
    for k, paint in enumerate(bands):
        c.rect(1.2 / len(bands) * k, 0, 1.2 / len(bands), 0.8, paint)
    return c.finished()


def _bunting() -> Image.Image:
    """A string of pennants that sags, 6 x 1 m."""
    c = Canvas(6, 1, (200, 200, 200, 0))
    paints = [RED, GOLD, TEAL, CREAM, (220, 110, 40), NAVY]

    def sag(x: float) -> float:
        return 0.92 - 0.5 * (1 - ((x - 3) / 3) ** 2)

    c.line([(x, sag(x)) for x in np.linspace(0, 6, 60)], 0.03, (90, 80, 70))
    for k in range(14):
        x = 0.1 + 0.42 * k
        c.polygon([(x, sag(x)), (x + 0.32, sag(x + 0.32)), (x + 0.16, sag(x + 0.16) - 0.36)], paints[k % 6])
    return c.finished()


def _board(words: str, ground, ink, width: float, height: float, size: float) -> Image.Image:
    c = Canvas(width, height, ink)
    c.rect(0.05, 0.05, width - 0.1, height - 0.1, ground)
    c.text(width / 2, height / 2, size, words, ink)
    return c.finished()


def _kiosk() -> Image.Image:
    """The kiosk's open side: magazines behind a counter, 1.6 x 2.1 m."""
    c = Canvas(1.6, 2.1, (30, 134, 132))
    c.rect(0.1, 0.95, 1.4, 0.95, (62, 52, 46))
    paints = [RED, GOLD, (240, 240, 236), (70, 120, 180), (230, 120, 60), (90, 160, 90)]
    for row in range(3):
        for k in range(7):
            c.rect(0.15 + 0.19 * k, 1.0 + 0.3 * row, 0.15, 0.23, paints[(2 * row + 5 * k) % 6])
    c.rect(0, 0.88, 1.6, 0.08, CREAM)
    c.text(0.8, 0.5, 0.24, "NEWS", CREAM)
    return c.finished()


def _garden_door() -> Image.Image:
    """A round-headed green garden door, 1.3 x 2.35 m, on a transparent ground."""
    c = Canvas(1.3, 2.35, (150, 130, 100, 0))
    c.arch(0, 0, 1.3, 2.35, (210, 196, 166))
    c.arch(0.15, 0, 1.0, 2.2, (44, 96, 58))
    for k in range(5):
        c.rect(0.2 + 0.19 * k, 0.05, 0.02, 1.7, (26, 66, 38))
    for z in (0.4, 1.5):
        c.rect(0.15, z, 0.8, 0.07, (40, 40, 40))
    c.disc(1.02, 1.0, 0.05, GOLD)
    return c.finished()


def _bakery_gable() -> Image.Image:
    """Timbered gable with a round window, 2.8 x 1.6 m."""
    c = Canvas(2.8, 1.6, (232, 214, 170))
    for points in ([(0, 0.06), (2.8, 0.06)], [(1.4, 0), (1.4, 1.6)], [(0, 0), (1.4, 1.6)], [(2.8, 0), (1.4, 1.6)]):
        c.line(points, 0.18, (84, 54, 36))
    c.disc(1.4, 0.55, 0.36, (84, 54, 36))
    c.disc(1.4, 0.55, 0.27, (90, 110, 130))
    return c.finished()


def signs(rng: np.random.Generator) -> dict[str, Image.Image]:
    """All signs by name."""
    return {
        "clock": _clock(),
        "mural": _mural(rng),
        "awning_orange": _stripes((236, 120, 40), CREAM),
        "awning_blue": _stripes((44, 92, 168), CREAM),
        "parasol_red": _stripes(RED, (214, 60, 56), 4),
        "posters": _posters(rng),
        "flag_city": _flag(RED, CREAM, RED),
        "flag_museum": _flag(TEAL, GOLD),
        "flag_blue": _flag(NAVY, CREAM, (220, 110, 40)),
        "bunting": _bunting(),
        "hotel_sign": _board("H\nO\nT\nE\nL", NAVY, (255, 226, 140), 0.6, 2.4, 0.32),
        "bakery_sign": _board("BAKERY", (110, 60, 34), (250, 214, 130), 2.4, 0.5, 0.3),
        "exit_sign": _board("STATION", (40, 84, 150), CREAM, 1.2, 0.4, 0.2),
        "menu": _board("SOUP\nCAKE\nTEA", (40, 44, 44), (240, 236, 220), 0.6, 0.9, 0.14),
        "kiosk": _kiosk(),
        "garden_door": _garden_door(),
        "bakery_gable": _bakery_gable(),
    }
