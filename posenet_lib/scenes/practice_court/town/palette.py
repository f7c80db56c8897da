"""Colours by chance that look like a town: walls are pale or earthy, woodwork is strong, roofs are dark."""

import colorsys

import numpy as np
from PIL import Image

Paint = tuple[int, int, int]


def _hsv(hue: float, saturation: float, value: float) -> Paint:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, min(max(saturation, 0), 1), min(max(value, 0), 1))
    return round(255 * red), round(255 * green), round(255 * blue)


def wall_paint(rng: np.random.Generator) -> Paint:
    """Plaster, stone or brick: mostly warm hues, rarely blue or green."""
    hue = rng.uniform(0.0, 0.16) if rng.random() < 0.7 else rng.uniform(0.2, 0.95)
    return _hsv(hue, rng.uniform(0.05, 0.6), rng.uniform(0.5, 0.95))


def strong_paint(rng: np.random.Generator) -> Paint:
    """Doors, shutters, awnings and boards: any hue, saturated."""
    return _hsv(rng.uniform(0, 1), rng.uniform(0.5, 0.95), rng.uniform(0.3, 0.9))


def pale_paint(rng: np.random.Generator) -> Paint:
    """Frames, surrounds and lettering."""
    return _hsv(rng.uniform(0, 1), rng.uniform(0.0, 0.25), rng.uniform(0.75, 0.98))


def dark_paint(rng: np.random.Generator) -> Paint:
    """Glass, iron and shade."""
    return _hsv(rng.uniform(0, 1), rng.uniform(0.05, 0.4), rng.uniform(0.15, 0.4))


def tint(rng: np.random.Generator) -> tuple[float, float, float]:
    """Factors on a texture's linear light, about 1."""
    return tuple(float(v) for v in rng.uniform(0.55, 1.25, 3))


def recoloured(image: Image.Image | np.ndarray, rng: np.random.Generator, hue: float) -> Image.Image:
    """The same picture with its hues turned by up to `hue` (of a full turn), its saturation and brightness changed."""
    image = Image.fromarray(image) if isinstance(image, np.ndarray) else image
    bands = np.asarray(image.convert("RGB").convert("HSV")).astype(np.int32)
    bands[..., 0] = (bands[..., 0] + round(255 * rng.uniform(-hue, hue))) % 256
    bands[..., 1] = np.clip(bands[..., 1] * rng.uniform(0.6, 1.3), 0, 255)
    bands[..., 2] = np.clip(bands[..., 2] * rng.uniform(0.75, 1.15), 0, 255)
    new = Image.fromarray(bands.astype(np.uint8), "HSV").convert("RGB")
    if image.mode == "RGBA":
        new.putalpha(image.getchannel("A"))
    return new
