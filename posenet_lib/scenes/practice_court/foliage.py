"""Painted leaves, ivy and flowers with holes between them; RGBA images."""

import numpy as np
from PIL import Image, ImageDraw

from posenet_lib.scenes.practice_court import materials

_OVER = 3  # painted larger and shrunk, which makes soft edges


def leaf_cluster(
    size: int, count: int, colours, leaf: tuple[float, float], rng: np.random.Generator, round_off: float = 0.47
):
    """Single leaves scattered over a disc; darker ones below, lighter ones on top."""
    big = size * _OVER
    base = tuple(int(c * 0.7) for c in colours[0])
    image = Image.new("RGBA", (big, big), (*base, 0))
    draw = ImageDraw.Draw(image)
    for k in range(count):
        angle, radius = rng.uniform(0, 2 * np.pi), big * round_off * rng.uniform(0, 1) ** 0.55
        x, y = big / 2 + radius * np.cos(angle), big / 2 + radius * np.sin(angle)
        turn = rng.uniform(0, np.pi)
        along = np.array([np.cos(turn), np.sin(turn)]) * big * leaf[0]
        across = np.array([-np.sin(turn), np.cos(turn)]) * big * leaf[1]
        centre = np.array([x, y])
        shade = 0.62 + 0.45 * k / count + rng.uniform(-0.1, 0.1)
        colour = np.asarray(colours[rng.integers(len(colours))]) * shade
        outline = [centre + along, centre + 0.3 * along + across, centre - along, centre + 0.3 * along - across]
        draw.polygon([tuple(p) for p in outline], fill=(*np.clip(colour, 0, 255).astype(int), 255))
    return image.resize((size, size), Image.Resampling.BOX)


def ivy(rng: np.random.Generator) -> Image.Image:
    """Ivy that hangs from the top of a wall."""
    image = Image.new("RGBA", (576, 432), (40, 62, 28, 0))
    draw = ImageDraw.Draw(image)
    greens = [(60, 98, 40), (84, 128, 52), (46, 80, 38), (112, 146, 60), (140, 70, 44)]
    cover = materials.smooth_noise(432, 576, 90, rng)
    for k in range(5200):
        x, y = rng.uniform(6, 570), rng.uniform(6, 426)
        if cover[int(y), int(x)] + 0.75 - 1.3 * y / 432 < -0.1:  # ivy hangs from the top of the wall
            continue
        r, shade = rng.uniform(4, 8), 0.55 + 0.5 * k / 5200
        colour = tuple(int(c * shade) for c in greens[min(4, int(rng.exponential(1.3)))])
        draw.polygon(
            [
                (x - r, y - r * 0.4),
                (x, y - r),
                (x + r, y - r * 0.4),
                (x + r * 0.6, y + r * 0.5),
                (x, y + r),
                (x - r * 0.6, y + r * 0.5),
            ],
            fill=(*colour, 255),
        )
    return image.resize((288, 216), Image.Resampling.BOX)


def flowers(petals, rng: np.random.Generator) -> Image.Image:
    """A row of flowers in the given colours over green leaves."""
    image = Image.new("RGBA", (384, 192), (50, 84, 40, 0))
    draw = ImageDraw.Draw(image)
    for _ in range(420):
        x, top = rng.uniform(8, 376), 192 * (0.25 + 0.75 * rng.uniform(0, 1) ** 0.7)
        green = tuple(int(c * rng.uniform(0.6, 1.2)) for c in (70, 116, 48))
        draw.polygon([(x - 5, top), (x + rng.uniform(-8, 8), top - 34), (x + 5, top)], fill=(*green, 255))
    for _ in range(90):
        x, y, r = rng.uniform(14, 370), 16 + 130 * rng.uniform(0, 1) ** 1.2, rng.uniform(7, 13)
        colour = tuple(int(min(255, c * rng.uniform(0.8, 1.1))) for c in petals[rng.integers(len(petals))])
        draw.ellipse([x - r, y - r, x + r, y + r], fill=(*colour, 255))
        draw.ellipse([x - r / 3, y - r / 3, x + r / 3, y + r / 3], fill=(250, 220, 90, 255))
    return image.resize((128, 64), Image.Resampling.BOX)
