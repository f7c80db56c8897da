"""Known mistakes on the way to a mean image, each wrong on purpose: before the average, in it, and after it."""

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageFilter, ImageOps

Step = tuple[str, Callable[[np.ndarray], np.ndarray]]
SWAPPED = "The channels come in the order blue, green, red. Keep red, green, blue, as Pillow gives them."
MIRRORED = "The image is upside down or mirrored."
OVERFLOW = (
    "The sum overflowed: the values are those of a uint8 (or uint16, or int16) that wrapped around. Turn each photo "
    "into floats before you add it."
)
_STANDARDISED = "The values were brought to mean 0, or standardised. Keep them as they are: normalising comes later."
_MINUS_1_1 = "Your values lie in -1..1; the mean image is in 0..255. Normalising comes later."
_ZERO = "The result is zero everywhere. Is each photo really added to your sum, and do values in 0..1 stay floats?"
_ROUNDED = "The values are rounded to whole numbers. Keep the fractions: float32, no rounding."
_CUT = (
    "Each photo was divided in whole numbers (`//`) before it was added, which cuts its fraction off. Divide once, at "
    "the end."
)
_STRETCHED = "Each photo was stretched to its own darkest and brightest value. Use the values as they are."
_STRETCHED_AFTER = "The result was stretched to its own darkest and brightest value. Use the values as they are."
_CLIPPED = "The values of the photos were cut off at a darkest and a brightest value. Use them as they are."
_MIXED = "Each photo was averaged with its own mirror image. The mean image shows the photos as they are."
_SATURATED = "The sum was cut off at 255, as Pillow's own adding does. Turn each photo into floats before you add it."
_WRONG_NUMBER = "The sum was divided by the wrong number (one too few or one too many). Divide by the number of photos."
_HALVED = (
    "You halve after every photo, (mean + photo) / 2, so late photos count more than early ones. Add all photos up, "
    "then divide once."
)
_FIRST_MISSING = "The first photo is missing from your sum. If you take it out to learn the size, add it too."
_LAST_MISSING = "The last photo is missing from your sum."
_LAST = "This is the last photo alone. Does each photo replace the ones before it?"
_FIRST = "This is the first photo alone. Does `return` stand inside the loop?"
_EXTREME = "This is the brightest or darkest value of each pixel, not the mean."
FLOAT16 = "A number was kept in a type with few digits (float16). Use float32 or float64."
_OWN_BRIGHTNESS = "Each photo was divided by its own mean brightness. Use the values as they are."
_CONTRAST = "The contrast of each photo was changed (autocontrast). Use the values as they are."
_POWER = "The values were raised to a power (a gamma curve) before the mean, and back after it. Average them plainly."


def _bounds(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return x.min(axis=(1, 2, 3), keepdims=True), x.max(axis=(1, 2, 3), keepdims=True)


def _stretched(x: np.ndarray) -> np.ndarray:
    low, high = _bounds(x)
    return (x - low) / np.maximum(high - low, 1)


def _converted(mode: str, x: np.ndarray) -> np.ndarray:
    """Through Pillow, as the answer would do it; a grey image for all channels."""
    photos = [Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).convert(mode) for pixels in x]
    pixels = np.stack([np.asarray(photo, dtype=np.float64) for photo in photos])
    return pixels if pixels.ndim == 4 else np.repeat(pixels[..., None], 3, axis=3)


def _by_pillow(change: Callable[[Image.Image], Image.Image]) -> Callable[[np.ndarray], np.ndarray]:
    """Something that Pillow does to each photo."""

    def run(x: np.ndarray) -> np.ndarray:
        photos = [change(Image.fromarray(pixels.clip(0, 255).astype(np.uint8))) for pixels in x]
        return np.stack([np.asarray(photo, dtype=np.float64) for photo in photos])

    return run


def _filtered(kind: object) -> Callable[[Image.Image], Image.Image]:
    return lambda photo: photo.filter(kind)


def _halved(
    start: np.ndarray | float, photos: np.ndarray, rounded: Callable[[np.ndarray], np.ndarray] = np.asarray
) -> np.ndarray:
    mean = start
    for photo in photos:
        mean = rounded((mean + photo) / 2)
    return mean


def float16_mean(x: np.ndarray) -> np.ndarray:
    """A running sum in float16, divided at the end."""
    total = np.zeros(x.shape[1:], dtype=np.float16)
    for photo in x:
        total = total + photo.astype(np.float16)
    return total.astype(np.float64) / len(x)


BEFORE: tuple[Step, ...] = (
    ("", lambda x: x),
    (_CUT, lambda x: np.floor(x / len(x)) * len(x)),
    (_STRETCHED, _stretched),
    (_STRETCHED, lambda x: 255 * _stretched(x)),
    (_CLIPPED, lambda x: x.clip(16, 235)),
    (
        "The photos were turned to grey. Each of red, green and blue has its own mean.",
        lambda x: _converted("L", x),
    ),
    ("The photos were turned to YCbCr. Keep red, green, blue.", lambda x: _converted("YCbCr", x)),
    ("The photos were turned to HSV. Keep red, green, blue.", lambda x: _converted("HSV", x)),
    ("The photos were turned to LAB. Keep red, green, blue.", lambda x: _converted("LAB", x)),
    ("The photos were turned to black and white.", lambda x: _converted("1", x) * 255),
    ("The photos are negatives: 255 - value. Use the values as they are.", lambda x: 255 - x),
    (_OWN_BRIGHTNESS, lambda x: x / x.mean(axis=(1, 2, 3), keepdims=True)),
    (_OWN_BRIGHTNESS, lambda x: 128 * x / x.mean(axis=(1, 2, 3), keepdims=True)),
    (_OWN_BRIGHTNESS, lambda x: 255 * x / x.max(axis=(1, 2, 3), keepdims=True)),
    (
        _STANDARDISED,
        lambda x: x - x.mean(axis=(1, 2, 3), keepdims=True),
    ),
    (
        "Each photo was standardised by its own mean and deviation. Use the values as they are.",
        lambda x: (x - x.mean(axis=(1, 2, 3), keepdims=True)) / x.std(axis=(1, 2, 3), keepdims=True),
    ),
    (_MIXED, lambda x: (x + x[:, :, ::-1]) / 2),
    (_MIXED, lambda x: (x + x[:, ::-1]) / 2),
    (_CONTRAST, _by_pillow(ImageOps.autocontrast)),
    *(
        ("The photos were blurred or sharpened with a filter. Use them as they are.", _by_pillow(_filtered(kind)))
        for kind in (
            ImageFilter.GaussianBlur(1),
            ImageFilter.GaussianBlur(2),
            ImageFilter.BoxBlur(1),
            ImageFilter.SMOOTH,
            ImageFilter.SHARPEN,
            ImageFilter.MedianFilter(3),
        )
    ),
    (
        "The photos were turned to a palette of few colours. Keep red, green, blue.",
        _by_pillow(lambda photo: photo.convert("P").convert("RGB")),
    ),
    (SWAPPED, lambda x: x[..., ::-1]),
    *(
        (f"The channels come in the order {names}. Keep red, green, blue.", lambda x, order=order: x[..., list(order)])
        for names, order in (
            ("red, blue, green", (0, 2, 1)),
            ("green, red, blue", (1, 0, 2)),
            ("green, blue, red", (1, 2, 0)),
            ("blue, red, green", (2, 0, 1)),
        )
    ),
    (MIRRORED, lambda x: x[:, ::-1]),
    (MIRRORED, lambda x: x[:, :, ::-1]),
    (MIRRORED, lambda x: x[:, ::-1, ::-1]),
    ("You added the squares of the values. The mean is the plain sum divided by the number.", lambda x: x**2),
)

AVERAGES: tuple[Step, ...] = (
    ("", lambda x: x.mean(axis=0)),
    ("This is the sum of the photos. Divide it by their number.", lambda x: x.sum(axis=0)),
    (_WRONG_NUMBER, lambda x: x.sum(axis=0) / (len(x) + 1)),
    (_WRONG_NUMBER, lambda x: x.sum(axis=0) / (len(x) - 1)),
    ("The sum was divided twice by the number of photos.", lambda x: x.mean(axis=0) / len(x)),
    (_FIRST_MISSING, lambda x: x[1:].mean(axis=0)),
    (_FIRST_MISSING, lambda x: x[1:].sum(axis=0) / len(x)),
    (_LAST_MISSING, lambda x: x[:-1].mean(axis=0)),
    (_LAST_MISSING, lambda x: x[:-1].sum(axis=0) / len(x)),
    ("The first photo counts twice.", lambda x: (x.sum(axis=0) + x[0]) / len(x)),
    ("The first photo counts twice.", lambda x: (x.sum(axis=0) + x[0]) / (len(x) + 1)),
    ("The last photo counts twice.", lambda x: (x.sum(axis=0) + x[-1]) / len(x)),
    ("The last photo counts twice.", lambda x: (x.sum(axis=0) + x[-1]) / (len(x) + 1)),
    (_LAST, lambda x: x[-1]),
    (_LAST, lambda x: x[-1] / len(x)),
    (_FIRST, lambda x: x[0]),
    (_FIRST, lambda x: x[0] / len(x)),
    (_HALVED, lambda x: _halved(0.0, x)),
    (_HALVED, lambda x: _halved(x[0], x[1:])),
    (_HALVED, lambda x: _halved(0.0, x, np.floor)),
    (_HALVED, lambda x: _halved(x[0], x[1:], np.floor)),
    ("This is the median, not the mean.", lambda x: np.median(x, axis=0)),
    *(
        ("This is a quantile, not the mean.", lambda x, share=share: np.quantile(x, share, axis=0))
        for share in (0.1, 0.25, 0.75, 0.9)
    ),
    (_EXTREME, lambda x: x.max(axis=0)),
    (_EXTREME, lambda x: x.min(axis=0)),
    (
        "This is the middle between the brightest and the darkest value of each pixel, not the mean.",
        lambda x: (x.max(axis=0) + x.min(axis=0)) / 2,
    ),
    (
        "The brightest and the darkest value of each pixel are left out. The mean takes all photos.",
        lambda x: np.sort(x, axis=0)[1:-1].mean(axis=0),
    ),
    (
        "Photos that are equal count only once. The mean takes every photo that comes.",
        lambda x: np.unique(x, axis=0).mean(axis=0),
    ),
    ("This is the standard deviation, not the mean.", lambda x: x.std(axis=0)),
    ("This is the standard deviation, not the mean.", lambda x: x.std(axis=0, ddof=1)),
    ("This is the variance, not the mean.", lambda x: x.var(axis=0)),
    ("This is the variance, not the mean.", lambda x: x.var(axis=0, ddof=1)),
    (
        "You squared the values and took the root, so bright photos count more. The mean is the plain sum divided by "
        "the number of photos.",
        lambda x: np.sqrt((x**2).mean(axis=0)),
    ),
    (
        "This is the geometric mean (of logarithms), not the plain mean.",
        lambda x: np.expm1(np.log1p(x).mean(axis=0)),
    ),
    (
        "This is the geometric mean (of logarithms), not the plain mean.",
        lambda x: np.exp(np.log(np.maximum(x, 1e-9)).mean(axis=0)),
    ),
    ("This is the harmonic mean, not the plain mean.", lambda x: 1 / (1 / np.maximum(x, 1e-9)).mean(axis=0)),
    *((_POWER, lambda x, g=g: 255 * ((x / 255) ** g).mean(axis=0) ** (1 / g)) for g in (2.2, 2.4, 0.5, 1 / 2.2, 1.8)),
    (FLOAT16, float16_mean),
    (_SATURATED, lambda x: x.sum(axis=0).clip(0, 255)),
    (_SATURATED, lambda x: x.sum(axis=0).clip(0, 255) / len(x)),
    (OVERFLOW, lambda x: x.sum(axis=0) % 256),
    (OVERFLOW, lambda x: x.sum(axis=0) % 256 / len(x)),
    (OVERFLOW, lambda x: np.floor(x.sum(axis=0) % 256 / len(x))),
)

AFTER: tuple[Step, ...] = (
    ("", lambda image: image),
    ("Your values lie in 0..1; the mean image is in 0..255. Do not divide by 255.", lambda image: image / 255),
    ("Your values lie in 0..1; the mean image is in 0..255. Do not divide by 256.", lambda image: image / 256),
    (
        _MINUS_1_1,
        lambda image: image / 127.5 - 1,
    ),
    (_MINUS_1_1, lambda image: image / 128 - 1),
    (_ZERO, lambda image: image * 0),
    (FLOAT16, lambda image: image.astype(np.float16).astype(np.float64)),
    (_ROUNDED, np.floor),
    (_ROUNDED, np.ceil),
    (_ROUNDED, np.round),
    (_ROUNDED, lambda image: np.floor(image + 0.5)),
    (_STANDARDISED, lambda image: image - image.mean()),
    (_STANDARDISED, lambda image: image - image.mean(axis=(0, 1))),
    (_STANDARDISED, lambda image: (image - image.mean()) / image.std()),
    (_STANDARDISED, lambda image: (image - image.mean(axis=(0, 1))) / image.std(axis=(0, 1))),
    ("The values are rounded to one decimal. Keep the fractions: float32, no rounding.", lambda image: image.round(1)),
    ("The values are rounded to two decimals. Keep the fractions: no rounding.", lambda image: image.round(2)),
    (
        "Every channel has the same value: you averaged over the channels too.",
        lambda image: image.mean(axis=2, keepdims=True) + 0 * image,
    ),
    (
        "Every pixel has the same colour: you averaged over all places. Average over the photos only.",
        lambda image: image.mean(axis=(0, 1), keepdims=True) + 0 * image,
    ),
    (
        "Every pixel has the same colour: you averaged over all places. Average over the photos only.",
        lambda image: image.mean() + 0 * image,
    ),
    (
        "Every row is the same: you averaged over the rows too. Average over the photos only.",
        lambda image: image.mean(axis=0, keepdims=True) + 0 * image,
    ),
    (
        "Every column is the same: you averaged over the columns too. Average over the photos only.",
        lambda image: image.mean(axis=1, keepdims=True) + 0 * image,
    ),
    (
        "The pixels are in the wrong places: `reshape` does not turn axes, it cuts the same row of numbers elsewhere.",
        lambda image: image.transpose(1, 0, 2).reshape(image.shape),
    ),
    (
        "The pixels are in the wrong places: `reshape` does not turn axes, it cuts the same row of numbers elsewhere.",
        lambda image: image.transpose(2, 0, 1).reshape(image.shape),
    ),
    *(
        (_STRETCHED_AFTER, lambda image, k=k: k * (image - image.min(axis=(0, 1))) / np.ptp(image, axis=(0, 1)))
        for k in (1, 255)
    ),
    (_STRETCHED_AFTER, lambda image: (image - image.min()) / np.ptp(image)),
    (_STRETCHED_AFTER, lambda image: 255 * (image - image.min()) / np.ptp(image)),
)
