"""Procedural materials: brick, stone, plaster, tiles, planks, grass, water, clouds; all drawn from seeded noise.

Every function returns uint8 (height, width, 3) and takes sizes in texels; colours are sRGB 0..255.
"""

from functools import lru_cache

import numpy as np
from PIL import Image

Colour = tuple[float, float, float]


def smooth_noise(height: int, width: int, cell: float, rng: np.random.Generator) -> np.ndarray:
    """Noise of about -1..1 with blobs of ``cell`` texels that tiles in both directions, (height, width)."""
    rows, columns = max(2, round(height / cell)), max(2, round(width / cell))
    grid = np.pad(rng.uniform(-1, 1, (rows, columns)), 2, mode="wrap").astype(np.float32)
    cut = (2, 2, 2 + columns, 2 + rows)
    return np.asarray(Image.fromarray(grid).resize((width, height), Image.Resampling.BICUBIC, box=cut))


def fractal_noise(height: int, width: int, cell: float, rng: np.random.Generator, octaves: int = 4) -> np.ndarray:
    """Octaves of ``smooth_noise``, each half as large and 0.55 as strong, (height, width)."""
    return sum(0.55**k * smooth_noise(height, width, max(1.0, cell / 2**k), rng) for k in range(octaves)) / 1.4


def _to_bytes(values: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def plaster(height: int, width: int, colour: Colour, rng: np.random.Generator, rough: float = 6.0) -> np.ndarray:
    """A plain wall with faint stains and grain."""
    stains = fractal_noise(height, width, 60, rng) * rough + rng.normal(0, rough * 0.35, (height, width))
    return _to_bytes(np.asarray(colour) + stains[..., None])


def blocks(
    height: int, width: int, block: tuple[int, int], colour: Colour, joint: Colour, rng: np.random.Generator,
    joint_texels: int = 1, vary: float = 14.0, shift: float = 0.5, hues: float = 4.0,
) -> np.ndarray:  # fmt: skip
    """Courses of bricks, stones or slabs, ``block`` = (height, width) in texels, each with its own shade."""
    row, column = np.mgrid[0:height, 0:width]
    course = row // block[0]
    along = column + (course * block[1] * shift).astype(int)
    stone = along // block[1]
    stones_round = max(1, round(width / block[1]))
    key = (course * 7919 + (stone % stones_round) * 104729) % 4096
    shade = rng.normal(0, vary, 4096)[key][..., None] + rng.normal(0, hues, (4096, 3))[key]
    face = np.asarray(colour) + shade + (fractal_noise(height, width, 12, rng, 3) * vary * 0.5)[..., None]
    seam = (row % block[0] < joint_texels) | (along % block[1] < joint_texels)
    rim = (row % block[0] == joint_texels) & ~seam  # the lit upper edge of a stone
    face = np.where(rim[..., None], face + vary * 0.6, face)
    return _to_bytes(np.where(seam[..., None], np.asarray(joint) + (face - np.asarray(colour)) * 0.3, face))


def roof_tiles(height: int, width: int, colour: Colour, rng: np.random.Generator, tile: int = 16) -> np.ndarray:
    """Rounded overlapping tiles, darker towards the upper edge of each row."""
    row, column = np.mgrid[0:height, 0:width]
    course = row // tile
    along = column + (course % 2) * (tile // 2)
    key = (course * 31 + (along // tile) % max(1, width // tile) * 17) % 512
    down = (row % tile) / tile
    round_edge = np.abs((along % tile) / tile - 0.5) * 2
    shade = (
        rng.normal(0, 13, 512)[key]
        + 26 * (down - 0.55)
        - 34 * ((down + 0.35 * round_edge**3) > 1.02)
        - 9 * round_edge**4
    )
    return _to_bytes(np.asarray(colour) + (shade + rng.normal(0, 4, (height, width)))[..., None])


def planks(height: int, width: int, colour: Colour, rng: np.random.Generator, plank: int = 12) -> np.ndarray:
    """Vertical boards with grain."""
    column = np.arange(width)[None, :]
    grain = (
        smooth_noise(height, width, 3, rng) * 3
        + np.repeat(smooth_noise(4, width, 2, rng), (height + 3) // 4, 0)[:height] * 7
    )
    shade = rng.normal(0, 9, width // plank + 1)[column // plank] - 38 * (column % plank < 1)
    return _to_bytes(np.asarray(colour) + (shade + grain)[..., None])


def grass(height: int, width: int, rng: np.random.Generator) -> np.ndarray:
    """A mown lawn: patches of lighter and yellower green under fine blades."""
    patches = fractal_noise(height, width, 90, rng)[..., None]
    blades = (rng.normal(0, 11, (height, width)) + 10 * smooth_noise(height, width, 4, rng))[..., None]
    stripes = 7 * np.sign(np.sin(np.arange(height) * 2 * np.pi / 96))[:, None, None]
    return _to_bytes(
        np.array([92, 131, 52]) + patches * np.array([26, 14, 8]) + blades * np.array([0.9, 1, 0.6]) + stripes
    )


def cobbles(height: int, width: int, colour: Colour, rng: np.random.Generator, stone: int = 12) -> np.ndarray:
    """Rounded cobble stones in shifted rows."""
    face = blocks(height, width, (stone, stone + 2), colour, (70, 66, 60), rng, 2, 15.0, 0.5, 5.0).astype(np.float32)
    row = np.arange(height)[:, None]
    dome = np.sin(np.pi * (row % stone) / stone)
    return _to_bytes(face + 16 * (dome[..., None] - 0.6))


def water(height: int, width: int, rng: np.random.Generator) -> np.ndarray:
    """Light ripples on blue-green."""
    ripple = np.abs(fractal_noise(height, width, 20, rng))[..., None]
    return _to_bytes(np.array([62, 128, 146]) + np.array([150, 130, 110]) * np.clip(0.16 - ripple, 0, 1) * 5)


@lru_cache(maxsize=1)
def cloud_cover() -> np.ndarray:
    """How much cloud covers the sky, (512, 512) uint8, tiling."""
    noise = fractal_noise(512, 512, 150, np.random.default_rng(71), 7)
    return _to_bytes(255 * np.clip((noise - 0.02) * 2.1, 0, 0.95) ** 0.8)


def weather(image: Image.Image, rng: np.random.Generator, strength: float = 9.0) -> Image.Image:
    """Dirt: large stains, a darker foot of the wall, rain streaks; the alpha channel stays as it is."""
    texels = np.asarray(image.convert("RGBA")).astype(np.float32)
    height, width = texels.shape[:2]
    stains = fractal_noise(height, width, 130, rng) * strength
    streaks = np.repeat(smooth_noise(3, width, 4, rng), (height + 2) // 3, axis=0)[:height] * strength * 0.5
    foot = -1.8 * strength * np.exp(-np.arange(height)[::-1] / 22)[:, None]
    grain = rng.normal(0, 2.0, (height, width))
    texels[..., :3] += (stains + streaks + foot + grain)[..., None]
    return Image.fromarray(_to_bytes(texels))
