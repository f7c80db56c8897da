"""What typical mistakes in `generate_mean_image` give, so that a wrong result gets its likely cause.

Everything here computes something wrong on purpose. `photos` is float64 (N, H, W, 3): the probe's photos, which
already have the final size.
"""

import numpy as np
from PIL import Image

_OVERFLOW = (
    "The sum overflowed: the values are those of a uint8 (or uint16) that wrapped around. Turn each photo into floats "
    "before you add it."
)


def value_mistakes(photos: np.ndarray, expected: np.ndarray) -> dict[str, list[np.ndarray]]:
    """Cause -> the images that this mistake gives on the probe; the first match is the most specific."""
    count = len(photos)
    halved, halved_from_first = np.zeros_like(expected), photos[0]
    for photo in photos:
        halved = (halved + photo) / 2
    for photo in photos[1:]:
        halved_from_first = (halved_from_first + photo) / 2
    wrapped = [expected * count % 256, expected * count % 256 / count, expected * count % 65536 / count]
    low, high = (bound(photos, axis=(1, 2, 3), keepdims=True) for bound in (np.min, np.max))
    stretched = (photos - low) / np.maximum(high - low, 1)
    swapped = "The channels come in the order blue, green, red. Keep red, green, blue, as Pillow gives them."
    return {
        "The result is zero everywhere. Is each photo really added to your sum?": [expected * 0],
        "Your values lie in 0..1; the mean image is in 0..255. Do not divide by 255.": [expected / 255],
        "Your values lie in -1..1; the mean image is in 0..255. Normalising comes later.": [expected / 127.5 - 1],
        "This is the sum of the photos. Divide it by their number.": [expected * count],
        "The sum was divided by the wrong number (one too few or one too many). Divide by the number of photos.": [
            expected * count / (count + 1),
            expected * count / max(count - 1, 1),
        ],
        "The first photo is missing from your sum. If you take it out to learn the size, add it too.": [
            photos[1:].sum(axis=0) / divisor for divisor in (count, max(count - 1, 1))
        ],
        "The values are rounded to whole numbers. Keep the fractions: float32, no rounding.": [
            np.floor(expected),
            np.ceil(expected),
            np.round(expected),
        ],
        "Each photo was divided in whole numbers (`//`) before it was added, which cuts its fraction off. Divide once, "
        "at the end.": [np.floor(photos / count).sum(axis=0)],
        swapped: [expected[..., ::-1]],
        _OVERFLOW: [
            *wrapped,
            *(np.floor(image) for image in wrapped),
            np.floor(expected * count % 65536 / count) % 256,
        ],
        "This is the last photo alone. Does each photo replace the ones before it?": [photos[-1]],
        "This is the first photo alone. Does `return` stand inside the loop?": [photos[0], photos[0] / count],
        "You halve after every photo, (mean + photo) / 2, so late photos count more than early ones. Add all "
        "photos up, then divide once.": [halved, halved_from_first],
        "This is the median, not the mean.": [np.median(photos, axis=0)],
        "This is the brightest or darkest value of each pixel, not the mean.": [photos.max(axis=0), photos.min(axis=0)],
        "Every channel has the same value: you averaged over the channels too.": [
            expected.mean(axis=2, keepdims=True) + 0 * expected
        ],
        "Every pixel has the same colour: you averaged over all places. Average over the photos only.": [
            expected.mean(axis=(0, 1), keepdims=True) + 0 * expected,
            expected.mean() + 0 * expected,
        ],
        "The image is upside down or mirrored.": [expected[::-1], expected[:, ::-1], expected[::-1, ::-1]],
        "Each photo was stretched to its own darkest and brightest value. Use the values as they are.": [
            stretched.mean(axis=0),
            255 * stretched.mean(axis=0),
        ],
        "This is the standard deviation, not the mean.": [photos.std(axis=0)],
        "You squared the values and took the root, so bright photos count more. The mean is the plain sum divided by "
        "the number of photos.": [np.sqrt((photos**2).mean(axis=0))],
        "The sum was cut off at 255, as Pillow's own adding does. Turn each photo into floats before you add it.": [
            photos.sum(axis=0).clip(0, 255),
            photos.sum(axis=0).clip(0, 255) / count,
        ],
    }


def resize_mistakes(photo: Image.Image, size: tuple[int, int]) -> dict[str, list[np.ndarray]]:
    """Cause -> images of one photo resized in another way to `size` (width, height)."""
    filters = Image.Resampling
    width, height = size
    left, top = (photo.width - width) // 2, (photo.height - height) // 2
    crops = [photo.crop((x, y, x + width, y + height)) for x, y in ((0, 0), (left, top))]
    advice = "Use bilinear, as `resize_smaller_side` does."
    made = {
        f"The photo was resized with nearest-neighbour. {advice}": [photo.resize(size, filters.NEAREST)],
        f"The photo was resized with bicubic, which is Pillow's default. {advice}": [
            photo.resize(size, filters.BICUBIC)
        ],
        f"The photo was resized with another filter than bilinear. {advice}": [
            photo.resize(size, other) for other in (filters.LANCZOS, filters.BOX, filters.HAMMING)
        ],
        "The photo was made smaller without antialiasing, as `interpolate` and OpenCV do: pixels are skipped. Use "
        "`resize_smaller_side`, or ask for antialiasing.": [_without_antialiasing(photo, size)],
        "The photo was cropped, not resized. The mean image shows the whole photo.": crops,
    }
    return {cause: [np.asarray(image, dtype=np.float64) for image in images] for cause, images in made.items()}


def _without_antialiasing(photo: Image.Image, size: tuple[int, int]) -> np.ndarray:
    """Bilinear between the nearest pixels only, however far apart the new ones are; (width, height) -> (H, W, 3)."""
    pixels = np.asarray(photo, dtype=np.float64)
    for axis, new in enumerate(size[::-1]):
        old = pixels.shape[axis]
        place = ((np.arange(new) + 0.5) * old / new - 0.5).clip(0, old - 1)
        before = place.astype(int)
        share = np.expand_dims(place - before, (1, 2) if axis == 0 else (0, 2))
        after = np.minimum(before + 1, old - 1)
        pixels = (1 - share) * pixels.take(before, axis) + share * pixels.take(after, axis)
    return pixels
