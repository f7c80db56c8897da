"""How much each photo counts in a mean image: read off photos that show one bright dot each, at places of their own."""

from collections.abc import Callable

import numpy as np
from PIL import Image

COUNT, _WIDTH, _HEIGHT, _DOT = 523, 14, 13, 250  # a prime number of photos: no batch size divides it
_EVEN = 1e-3  # of a photo's share


def dotted_photos(order: int = 1) -> list[Image.Image]:
    """Photo number n is black but for one value, the n-th, which is 250; with order -1, the n-th from the end."""
    photos = []
    for number in range(COUNT)[::order]:
        pixels = np.zeros(_HEIGHT * _WIDTH * 3, dtype=np.uint8)
        pixels[number] = _DOT
        photos.append(Image.fromarray(pixels.reshape(_HEIGHT, _WIDTH, 3)))
    return photos


def dotted_mean() -> np.ndarray:
    """The right mean image: every dot has the same share of 250."""
    pixels = np.zeros(_HEIGHT * _WIDTH * 3)
    pixels[:COUNT] = _DOT / COUNT
    return pixels.reshape(_HEIGHT, _WIDTH, 3)


def weight_cause(image_of: Callable[[list[Image.Image], int], np.ndarray]) -> str | None:
    """What is wrong with the photos' shares, or None if all are 1 / count or if nothing simple explains them."""
    weights = _weights(image_of, 1)
    again = _weights(image_of, -1)  # a dot's place must not matter, only its photo
    if weights is None or again is None or np.abs(weights - again[::-1]).max() > _EVEN * np.abs(weights).max():
        return None
    if np.ptp(weights) <= _EVEN * np.abs(weights).max() or (weights < 0).any():
        return None
    return _of_weights(weights)


def _weights(image_of: Callable[[list[Image.Image], int], np.ndarray], order: int) -> np.ndarray | None:
    """[COUNT], in the order of the dots' places."""
    image = np.asarray(image_of(dotted_photos(order), _HEIGHT), dtype=np.float64)
    if image.shape != (_HEIGHT, _WIDTH, 3) or not np.isfinite(image).all():
        return None
    values = image.ravel() / _DOT
    return values[:COUNT] if np.abs(values[COUNT:]).max() < 1e-6 else None


def _of_weights(weights: np.ndarray) -> str:
    used = weights > 1e-9
    equal = np.ptp(weights[used]) <= _EVEN * weights.max()
    places = np.flatnonzero(used)
    if equal and not used.all():
        return _left_out(places)
    steps = np.flatnonzero(np.abs(np.diff(weights)) > _EVEN * weights.max()) + 1
    if used.all() and len(steps) == 1:
        size, last = int(steps[0]), COUNT - int(steps[0])
        if size == 1 or (last == 1 and weights[-1] < 2.5 * weights[0]):
            which = "first" if size == 1 else "last"
            ratio = weights[0] / weights[-1] if size == 1 else weights[-1] / weights[0]
            return f"The {which} photo counts {ratio:.4g} times as much as the others. Every photo counts the same."
        return _batches(weights, last)
    if (np.diff(weights[1:]) > 0).all() or (np.diff(weights[1:][weights[1:] > 1e-7]) > 0).all():
        return "Late photos count more than early ones. Add all photos up, then divide once by their number."
    if (np.diff(weights[:-1]) < 0).all() or (np.diff(weights[:-1][weights[:-1] > 1e-7]) < 0).all():
        return "Early photos count more than late ones. Add all photos up, then divide once by their number."
    return "The photos do not count the same. Add all photos up, then divide once by their number."


def _left_out(places: np.ndarray) -> str:
    count = len(places)
    if count == 1:
        return "Only one of the photos counts. The mean takes all of them."
    if places[-1] == count - 1:
        return f"Only the first {count} photos count. The mean takes all photos, however many there are."
    if places[0] == COUNT - count:
        return f"The first {COUNT - count} photos are left out. The mean takes all of them."
    step = np.diff(places)
    if (step == step[0]).all():
        names = {2: "second", 3: "third"}
        return f"Only every {names.get(int(step[0]), f'{step[0]}th')} photo counts. The mean takes all of them."
    return f"Only {count} of {COUNT} photos count, the others are left out. The mean takes all of them."


def _batches(weights: np.ndarray, last: int) -> str:
    """All batches but the last one have one size; its photos share one batch's weight among fewer."""
    size = round(last * weights[-1] / weights[0])
    return (
        f"You take the mean of batches (of {size} photos, it seems) and then the mean of those. The last batch is "
        "smaller, so its photos count more. Add all photos up, then divide once by their number."
    )
