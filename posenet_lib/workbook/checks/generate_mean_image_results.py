"""Judges one result of `generate_mean_image`: is it an image of the right shape, and are its values right?"""

from collections.abc import Callable

import numpy as np
from PIL import Image

from posenet_lib.workbook.checks.known_mistakes.mean_image import mean_image_cause
from posenet_lib.workbook.checks.known_mistakes.mean_image_resizing import resize_cause
from posenet_lib.workbook.checks.running import Wrong, once

_ONE_NUMBER = "The result is a single number. Each place and channel has its own mean: average over the photos only"


def require_image(got: object, shape: tuple[int, int, int], size: tuple[int, int], smaller_side: int) -> np.ndarray:
    """`got` as an array, or Wrong with the cause if it is no finite float32 array of that shape."""
    detail = f"A photo of {size[0]} x {size[1]} pixels (width x height) and smaller_side={smaller_side} should give "
    detail += f"an array of shape {shape}, that is (height, width, 3)"
    if got is None:
        raise Wrong("Your function returned None: did you forget `return`?", f"{detail}.")
    if isinstance(got, np.floating):  # what NumPy gives when it averages over every axis
        raise Wrong(f"{_ONE_NUMBER}: `axis=0`. Without `axis`, NumPy averages over everything.", f"{detail}.")
    if not isinstance(got, np.ndarray):
        kind = f"{type(got).__module__}.{type(got).__name__}".removeprefix("builtins.")
        raise Wrong(f"Your function returned a {kind}; return a NumPy array.", f"{detail}.")
    if got.shape != shape:
        raise Wrong(_shape_cause(got.shape, shape, size, smaller_side), f"{detail}; yours has shape {got.shape}.")
    if got.dtype.kind not in "fiub":
        raise Wrong(f"The array has dtype {got.dtype}; it must be float32.")
    if np.isnan(got).any() or np.isinf(got).any():
        bad = "NaN" if np.isnan(got).any() else "infinity"
        raise Wrong(f"The mean image contains {bad}. Did you divide by zero, or use a type that is too small?")
    return got


def _shape_cause(got: tuple, shape: tuple, size: tuple[int, int], smaller_side: int) -> str:
    height, width, _ = shape
    causes = {
        (): f"{_ONE_NUMBER}.",
        (3,): "The result is one colour: you also averaged over all places. Average over the photos only.",
        (height, width): "The result has no colour channels. Each of red, green and blue has its own mean.",
        (height, width, 1): "The result has one channel. Each of red, green and blue has its own mean.",
        (height, width, 4): "The result has four channels. A mean image has three: red, green, blue.",
        (3, height, width): "The channels come first, as in torch. The mean image has them last: (height, width, 3).",
        (3, width, height): "The axes are reversed. The mean image is (height, width, 3).",
        (width, height, 3): "Height and width are swapped. Pillow says (width, height), NumPy says (height, width).",
        (
            smaller_side,
            smaller_side,
            3,
        ): "The photo was resized to a square, or cropped to one. Keep its aspect, and all "
        "of it: only its smaller side becomes smaller_side.",
        (size[1], size[0], 3): "The photo was not resized. Its smaller side must become smaller_side.",
    }
    if got in causes:
        return causes[got]
    if len(got) == 4:
        return "The result still has an axis for the photos. Average over that axis."
    if len(got) == 3 and height > width and got[0] == smaller_side:
        return "The height became smaller_side, but in a portrait photo (higher than wide) the width is smaller."
    if len(got) == 3 and max(got[:2]) == smaller_side:
        return "The larger side became smaller_side. It is the smaller side that must."
    if len(got) == 3 and abs(got[0] - height) <= 1 and abs(got[1] - width) <= 1:
        return "The size is off by one pixel. Cut the longer side off to a whole number, int(...), do not round it."
    if len(got) == 3 and min(got[:2]) == 256 != smaller_side:
        return "The smaller side is always 256: your function does not use its argument smaller_side."
    return "The mean image has another shape than a resized photo."


def expect(answer: Callable, photos: list[Image.Image], expected: np.ndarray, smaller_side: int) -> None:
    """Compare values for photos that already have the final size."""
    got = require_image(answer(photos, smaller_side), expected.shape, photos[0].size, smaller_side)
    compare(got, expected, lambda: once(find_cause, answer), 2e-2)
    if got.dtype != np.float32:
        raise Wrong(
            f"The values are right, but the array has dtype {got.dtype}. Return float32: `.astype(np.float32)`."
        )


def find_cause(answer: Callable) -> str | None:
    """The known mistake that gives this answer's images, if there is just one: in the values, else in the resizing."""
    try:
        return mean_image_cause(answer) or resize_cause(lambda photo, side: answer([photo], side))
    except Exception:  # whatever the answer raises here; the checks have calls of their own, which show it
        return None


def compare(got: np.ndarray, expected: np.ndarray, cause_of: Callable[[], str | None], tolerance: float) -> None:
    """Wrong, with the cause that `cause_of` names, if a value is off by more than `tolerance` (of 0..255)."""
    error = np.abs(got.astype(np.float64) - expected)
    if error.max() <= tolerance:
        return
    row, column, _ = np.unravel_index(error.argmax(), error.shape)
    detail = f"At row {row}, column {column}: expected {_rgb(expected[row, column])}, got {_rgb(got[row, column])}."
    if cause := cause_of():
        raise Wrong(cause, detail)
    if error.max() < 2 and tolerance < 1:
        raise Wrong(
            "Nearly right: is something rounded on the way, or kept in a type with few digits (float16)?", detail
        )
    raise Wrong("The shape is right, but the values are not the mean of the resized photos.", detail)


def _rgb(pixel: np.ndarray) -> str:
    return "[" + ", ".join(f"{value:.4g}" for value in pixel) + "]"
