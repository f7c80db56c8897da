"""Checks of `generate_mean_image` (TODO 1). No torch here: notebook 01 does not need it.

The expected images are known without averaging anything: photos of one colour, photos that differ by known amounts,
a photo and its negative (120.5 everywhere), one photo alone.
"""

import tracemalloc
import weakref
from collections.abc import Callable, Iterator

import numpy as np
from PIL import Image

from posenet_lib.scenes.resizing import resized_size
from posenet_lib.workbook.checks.generate_mean_image_results import compare, expect, find_cause, require_image
from posenet_lib.workbook.checks.known_mistakes.mean_image_photo_weights import dotted_mean, dotted_photos
from posenet_lib.workbook.checks.known_mistakes.mean_image_resizing import resized_rightly, resizing_probes
from posenet_lib.workbook.checks.running import SubCheck, Wrong, describe, once

Answer = Callable[..., np.ndarray]


def _noise(seed: int, width: int, height: int, low: int = 0, high: int = 256) -> np.ndarray:
    return np.random.default_rng(seed).integers(low, high, (height, width, 3), dtype=np.uint8)


def _shape_of(width: int, height: int, smaller_side: int) -> Callable[[Answer], None]:
    def run(answer: Answer) -> None:
        photo = Image.fromarray(_noise(1, width, height))
        new_width, new_height = resized_size((width, height), smaller_side)
        require_image(answer([photo], smaller_side), (new_height, new_width, 3), (width, height), smaller_side)

    return run


def _default_side(answer: Answer) -> None:
    named = require_image(answer([Image.fromarray(_noise(2, 640, 361))], 256), (256, 453, 3), (640, 361), 256)
    try:
        got = answer([Image.fromarray(_noise(2, 640, 361))])
    except TypeError as error:
        raise Wrong("smaller_side must have the default 256.", describe(error) + ".") from None
    if np.shape(got) != named.shape:
        raise Wrong("smaller_side must have the default 256.", f"Without it, your result has shape {np.shape(got)}.")


def _one_colour(answer: Answer) -> None:
    colours = [(10, 200, 0), (20, 201, 0), (31, 202, 90), (40, 203, 30), (40, 203, 30)]  # mean (28.2, 201.8, 30)
    photos = [Image.new("RGB", (23, 17), colour) for colour in colours]
    expect(answer, photos, np.full((17, 23, 3), (28.2, 201.8, 30.0)), 17)


def _every_pixel(answer: Answer) -> None:
    base = _noise(3, 19, 31, high=200)
    added = [(0, 3, 7), (10, 0, 7), (36, 6, 1)]  # their mean: (46/3, 3, 5)
    photos = [Image.fromarray(base + np.array(amount, dtype=np.uint8)) for amount in added]
    expect(answer, photos, base + np.array([46 / 3, 3.0, 5.0]), 19)


def _negative(answer: Answer) -> None:
    first = _noise(4, 29, 21, high=242)
    photos = [Image.fromarray(first), Image.fromarray(241 - first)]
    expect(answer, photos, np.full(first.shape, 120.5), 21)


def _resizing(answer: Answer) -> None:
    for (photo, smaller_side), right in zip(resizing_probes(), resized_rightly(), strict=True):
        got = require_image(answer([photo], smaller_side), right.shape, photo.size, smaller_side)
        # 1.5: Pillow rounds its result, other careful resizers do not.
        compare(got, right, lambda: once(find_cause, answer), 1.5)


def _same_share(answer: Answer) -> None:
    expect(answer, dotted_photos(), dotted_mean(), 13)


def _bright(answer: Answer) -> None:
    photos = [Image.new("RGB", (9, 7), (250, 255, 253 + number % 3)) for number in range(300)]
    expect(answer, photos, np.full((7, 9, 3), (250.0, 255.0, 254.0)), 7)


def _generator(answer: Answer) -> str | None:
    count, side = 60, 60
    base = _noise(7, 80, side, high=130)
    handed_out, most_alive = [], 0  # weak references: photos that the answer has not let go

    def photos() -> Iterator[Image.Image]:
        nonlocal most_alive
        for number in range(count):
            photo = Image.fromarray(base + np.uint8(2 * number))  # 0, 2, ..., 118: their mean is 59
            handed_out.append(weakref.ref(photo))
            most_alive = max(most_alive, sum(reference() is not None for reference in handed_out))
            yield photo
            del photo

    was_tracing = tracemalloc.is_tracing()
    tracemalloc.start()
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    try:
        got = answer(photos(), side)
    except NotImplementedError:
        raise
    except Exception as error:
        answer([Image.fromarray(base)] * 3, side)  # if a list fails too, the generator is not the cause
        cause = "`photos` is a generator here: it has no len() and no index, and you can go through it only once."
        raise Wrong(cause, f"Your code raised {describe(error)}.") from None
    finally:
        used = tracemalloc.get_traced_memory()[1] - before
        if not was_tracing:
            tracemalloc.stop()
    right = isinstance(got, np.ndarray) and got.shape == base.shape and np.abs(got - (base + 59.0)).max() < 0.02
    if not right:
        listed = [Image.fromarray(base + np.uint8(2 * number)) for number in range(count)]
        if not np.array_equal(np.asarray(answer(listed, side)), np.asarray(got)):
            raise Wrong(
                "A list gives another result than a generator: do you go through `photos` twice?",
                "A generator is empty after the first time.",
            )
        expect(answer, listed, base + 59.0, side)
    if most_alive > count // 2 or used > 45 * base.nbytes:  # a running sum in float64 takes about 25
        return (
            "Right, with one piece of advice: all photos are in memory at the same time. King's College has 1,220, up "
            "to 3.4 GB. A running sum needs one photo at a time."
        )
    return None


def _unchanged(answer: Answer) -> None:
    photos = [Image.fromarray(_noise(8 + number, 45, 35)) for number in range(3)]
    copies = [photo.copy() for photo in photos]
    answer(photos, 20)
    for photo, copy in zip(photos, copies, strict=True):
        try:
            same = photo.size == copy.size and photo.tobytes() == copy.tobytes()
        except ValueError:
            raise Wrong(
                "Your function closed the photos. They belong to the caller, who may need them again."
            ) from None
        if not same:
            raise Wrong(
                "Your function changed the photos that it was given (`photo.thumbnail` does that). Make new ones.",
                f"A photo had {copy.width} x {copy.height} pixels before and {photo.width} x {photo.height} after.",
            )


SUB_CHECKS = (
    SubCheck("shape: a landscape photo", _shape_of(97, 64, 32)),
    SubCheck("shape: a portrait photo", _shape_of(61, 90, 24)),
    SubCheck("shape: smaller_side is 256 by default", _default_side),
    SubCheck("the photos stay as they were", _unchanged),
    SubCheck("values: photos of one colour", _one_colour),
    SubCheck("values: every pixel and channel", _every_pixel),
    SubCheck("values: a photo and its negative", _negative),
    SubCheck("values: 300 bright photos", _bright),
    SubCheck("values: each of 523 photos counts the same", _same_share),
    SubCheck("resizing: bilinear, the whole photo", _resizing),
    SubCheck("photos from a generator", _generator),
)
